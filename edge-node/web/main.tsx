import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './ui/tokens.css';
import './ui/controls.css';
import './screens/floor.css';
import { App } from './screens/app.tsx';

const place = document.getElementById('app');
if (!place) throw new Error('Broken invariant: index.html has a place for the app');
createRoot(place).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
