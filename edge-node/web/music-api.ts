import type { MusicShown, MusicStatus } from '#shared/contract/music-api.ts';

const headersOf = (token: string) => ({ authorization: `Bearer ${token}` });

/** Which files the list shows; null for every outcome. */
export type FilesAsked = { readonly outcome: MusicShown | null; readonly skip: number };

/** How taking in stands; null where the node does not answer. */
export async function askMusic(token: string, { outcome, skip }: FilesAsked): Promise<MusicStatus | null> {
  const query = new URLSearchParams({ ...(outcome && { outcome }), skip: String(skip) });
  try {
    const response = await fetch(`/api/v1/music?${query}`, { headers: headersOf(token), cache: 'no-store' });
    return response.ok ? ((await response.json()) as MusicStatus) : null;
  } catch {
    return null;
  }
}

/** Sends a file whole. `fetch` tells nothing of how far it is, so the older way is taken. Answers whether it came. */
export function sendMusic(file: File, token: string, onShare: (share: number) => void): Promise<boolean> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/v1/music/uploads?name=${encodeURIComponent(file.name)}`);
    for (const [name, value] of Object.entries(headersOf(token))) request.setRequestHeader(name, value);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.upload.addEventListener('progress', ({ loaded, total }) => onShare(total === 0 ? 0 : loaded / total));
    request.addEventListener('loadend', () => resolve(request.status === 200));
    request.send(file);
  });
}
