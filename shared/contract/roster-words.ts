import { oneOf } from './words.ts';

/** The closed sets of words of the roster. */
export const PersonFieldWord = oneOf('legal_name', 'birth_date');
export const ImageTypeWord = oneOf('image/jpeg', 'image/png', 'image/webp');
export const AgreementKindWord = oneOf('contract', 'house_rules', 'media_release', 'tax_form');
