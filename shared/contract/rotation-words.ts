import { oneOf } from './words.ts';

/** The closed sets of words of the rotation that cross a wire. */
export const RotationModeWord = oneOf('per_stage', 'shared', 'round_the_house');
export const SkipReasonWord = oneOf('break', 'buyout', 'manager', 'dj');
export const OverrideReasonWord = oneOf('dancer_asked', 'guest_asked', 'not_ready', 'late', 'show', 'mistake', 'other');
