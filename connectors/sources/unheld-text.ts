/**
 * Stands before, or in place of, text that UTF-8 cannot say: U+FDD1, which is no character and never will be.
 * Conform refuses a row that has it where it matters.
 */
export const unheldMark = '\uFDD1';

/** Bytes of such text that are shown, in hexadecimal: enough to find it, and no more than a message can hold. */
export const unheldBytesShown = 1000;
