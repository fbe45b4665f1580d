/** Drawn, never letters: a screen reader skips them and contrast can be judged. All on a 24 by 24 grid. */
const PATHS = {
  grip: 'M8 6h.01M8 12h.01M8 18h.01M16 6h.01M16 12h.01M16 18h.01',
  up: 'M12 19V5M6 11l6-6 6 6',
  down: 'M12 5v14M6 13l6 6 6-6',
  top: 'M5 4h14M12 20V9M6 14l6-6 6 6',
  more: 'M6 9l6 6 6-6',
  cross: 'M6 6l12 12M18 6L6 18',
  waiting: 'M12 7v5l3 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18',
  called: 'M4 10v4h4l6 5V5L8 10zM17 9a4 4 0 0 1 0 6',
  erase: 'M9 5h11v14H9l-6-7zM12 9l6 6M18 9l-6 6',
  cloud: 'M7 18a4 4 0 0 1 0-8 6 6 0 0 1 11 1 3.5 3.5 0 0 1 0 7zM4 4l16 16',
  globe: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18',
  box: 'M3 7l9-4 9 4v10l-9 4-9-4zM3 7l9 4 9-4M12 11v10',
  eye: 'M2 12c3-5 6.500-7 10-7s7 2 10 7c-3 5-6.500 7-10 7s-7-2-10-7M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6',
  floor: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M5 21c0-5 3-7 7-7s7 2 7 7',
  stage: 'M12 3l2.7 5.6 6.1.8-4.5 4.3 1.1 6.1L12 16.9 6.6 19.8l1.1-6.1L3.2 9.4l6.1-.8z',
  room: 'M5 21V4h14v17M3 21h18M14 12h.01',
  out: 'M14 4H5v16h9M10 12h11M17 8l4 4-4 4',
} as const;
/** Shapes that stand for a state beside its colour and its word. */
const SOLID = {
  running: 'M7 4l13 8-13 8z',
  soon: 'M12 3l10 18H2z',
  last: 'M12 3l10 18H2z',
  over: 'M4 4h16v16H4z',
  held: 'M6 4h4v16H6zM14 4h4v16h-4z',
  cleaning: 'M12 2l10 10-10 10L2 12z',
  live: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16',
} as const;
export type IconName = keyof typeof PATHS | keyof typeof SOLID | 'free';

export function Icon({ name }: { readonly name: IconName }) {
  const solid = name in SOLID ? SOLID[name as keyof typeof SOLID] : null;
  const path = name === 'free' ? 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16' : (solid ?? PATHS[name as keyof typeof PATHS]);
  return (
    <svg className={solid ? 'icon solid' : 'icon'} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={path} />
    </svg>
  );
}
