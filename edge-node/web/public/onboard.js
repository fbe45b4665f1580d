// What she fills in on her own phone. The code stands behind the #, so no address that a log sees has it.
const form = document.getElementById('form');
const said = document.getElementById('said');

async function send() {
  const body = JSON.stringify({ code: location.hash.slice(1), ...Object.fromEntries(new FormData(form)) });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch('/api/v1/onboarding', { method: 'POST', headers, body });
  if (!answer.ok) return (await answer.json()).title;
  form.remove();
  return 'Thank you. A manager will look at it. · Gracias. Un gerente lo verá.';
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  said.textContent = '…';
  const failed = 'No connection. Try again. · Sin conexión. Intente otra vez.';
  void send().then(
    (text) => (said.textContent = text),
    () => (said.textContent = failed),
  );
});
