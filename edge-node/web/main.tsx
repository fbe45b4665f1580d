import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './ui/tokens.css';
import './ui/controls.css';
import './screens/floor.css';
import { App } from './screens/app.tsx';
import { openSteps } from './steps.ts';

const place = document.getElementById('app');
if (!place) throw new Error('Broken invariant: index.html has a place for the app');
const steps = openSteps();
createRoot(place).render(
  <StrictMode>
    <App steps={steps} />
  </StrictMode>,
);
