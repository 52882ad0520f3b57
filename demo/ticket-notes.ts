import type { Random } from './random.ts';

/** What the desk wrote down: with line breaks, semicolons and quotes, as people write. */
const notes = {
  inquiry: [
    'Asks which grind suits a French press',
    'Wants to know when the "House Blend" is back;\ntold her: next week',
    'Öffnungszeiten erfragt',
  ],
  complaint: [
    'Parcel left in the rain;\nangry.\n\nPromised a call back',
    'Says the coffee is "too bitter"; wants his money back',
    'Livraison arrivée trop tard, café abîmé',
  ],
  technical: [
    'Grinder blocked; descaled twice, no change',
    'Error E5\nTold to unplug for 10 min\nWorks again',
    'Gerät läuft über – Dichtung prüfen',
  ],
  billing: [
    'Invoice sent twice?',
    'Asks for a copy with the VAT number',
    'Paid 12,50 € too much; credit note',
  ],
} as const;

export function ticketNote(random: Random, topic: keyof typeof notes): string | null {
  return random.chance(0.25) ? null : random.pick(notes[topic]);
}
