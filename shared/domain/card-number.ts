/** Digits that only signs and blanks part from each other: letters end a number. */
const RUN = /\d(?:[^\p{L}\p{N}]*\d)*/gu;

/**
 * Whether a text has a payment card's number in it, however its digits are grouped: 13 to 19 digits of a card's range (ISO/IEC 7812
 * gives 2 to 6 to them) whose check digit is right (Luhn), beginning and ending where a group does. A slip's own number that is
 * shorter, or is none by its check digit, passes.
 */
export function hasCardNumber(text: string): boolean {
  return (text.normalize('NFKC').match(RUN) ?? []).some((run) => {
    const groups = run.split(/\D+/).filter((group) => group !== '');
    return groups.some((_, from) => groups.some((__, to) => isCard(groups.slice(from, to + 1).join(''))));
  });
}

function isCard(digits: string): boolean {
  if (!/^[2-6]\d{12,18}$/.test(digits)) return false;
  const sum = Array.from(digits, Number)
    .toReversed()
    .reduce((total, digit, at) => total + (at % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0)), 0);
  return sum % 10 === 0;
}
