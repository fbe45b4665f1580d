import { useEffect, useRef, type ReactNode } from 'react';
import { useWords } from '../i18n/words.ts';
import { Icon } from './icons.tsx';
import { Notices, Voice } from './notices.tsx';

/** A dialog from below; the browser keeps the focus inside and gives it back. */
export function Sheet({
  title,
  onClose,
  children,
}: {
  readonly title: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const words = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current;
    const opener = document.activeElement;
    shown?.showModal();
    return () => {
      shown?.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className="sheet"
      closedby="any"
      aria-labelledby="sheet-title"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className="sheet-body">
        <div className="sheet-head">
          <h2 id="sheet-title">{title}</h2>
          <button type="button" className="button icon" aria-label={words.close} onClick={onClose}>
            <Icon name="cross" />
          </button>
        </div>
        {children}
      </div>
      <Notices />
      <Voice />
    </dialog>
  );
}
