/** What page and worker both know of the network that spells. */

/** 0 is the blank around a word. */
export const ALPHABET = ' abcdefghijklmnopqrstuvwxyz';
export const units = 64;
