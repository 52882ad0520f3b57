import type { AttributeType } from '../../../config/identity-attributes.ts';
import type { IdentitySettings } from '../../../config/identity-settings.ts';
import { close, oneStep } from './closeness.ts';
import type { Comparison, Level } from './settings.ts';

type Written = Exclude<IdentitySettings['comparisons'][string], false>;
type Kind = NonNullable<Written['kind']>;

/** The comparison that a user wrote; `type` is that of its attribute. */
export function configuredComparison(name: string, written: Written, type: AttributeType): Comparison {
  const attribute = written.attribute ?? name;
  const levels =
    written.levels === undefined
      ? withAgreement(levelsOf(written.kind ?? kindOf(type), attribute), written.m)
      : written.levels.map(
          ({ name: level, when = 'true', m, u, rarity }): Level => ({
            name: level,
            // The line end closes a comment that the expression may end in.
            when: `(${when}\n)`,
            m,
            u,
            ...(rarity ? { rarity: [attribute] } : {}),
          }),
        );
  return {
    name,
    attributes: [attribute],
    missing: `l.${attribute} is null or r.${attribute} is null`,
    levels,
  };
}

function kindOf(type: AttributeType): Kind {
  return type === 'text' ? 'exact' : type;
}

/**
 * Levels with the shares where learning starts, which hold where there is too little to learn from. They are assumptions: an
 * identifier is as sure as a tax id, any other attribute less so.
 */
function levelsOf(kind: Kind, attribute: string): Level[] {
  const equal = (m: number): Level => ({
    name: 'equal',
    when: `l.${attribute} = r.${attribute}`,
    rarity: [attribute],
    m,
    u: 1,
  });
  const different = (m: number): Level => ({ name: 'different', when: 'true', m, u: 0.99 });
  const [left, right] = [`l.${attribute}`, `r.${attribute}`];
  switch (kind) {
    case 'exact':
      return [equal(0.9), different(0.1)];
    case 'identifier':
      return [
        equal(0.95),
        { name: 'one step', when: oneStep(attribute), m: 0.03, u: 0.0001 },
        different(0.02),
      ];
    case 'text':
      return [
        equal(0.7),
        { name: 'very close', when: close(attribute, 0.95), m: 0.1, u: 0.001 },
        { name: 'close', when: close(attribute, 0.88), m: 0.1, u: 0.01 },
        different(0.1),
      ];
    case 'number': {
      const within = (share: number): string =>
        `abs(try_cast(${left} as double) - try_cast(${right} as double)) <= ${share} * greatest(abs(try_cast(${left} as double)), abs(try_cast(${right} as double)))`;
      return [
        equal(0.8),
        { name: 'within 1 %', when: within(0.01), m: 0.05, u: 0.01 },
        { name: 'within 10 %', when: within(0.1), m: 0.05, u: 0.05 },
        different(0.1),
      ];
    }
    case 'date':
      return [
        equal(0.85),
        { name: 'one character', when: oneStep(attribute), m: 0.07, u: 0.001 },
        { name: 'same year', when: `left(${left}, 4) = left(${right}, 4)`, m: 0.03, u: 0.02 },
        different(0.05),
      ];
  }
}

/** The user's share of agreement for the surest level; the others keep their proportions. */
function withAgreement(levels: readonly Level[], agreement: number | undefined): Level[] {
  const [surest, ...others] = levels;
  if (surest === undefined || agreement === undefined) return [...levels];
  const rest = others.reduce((sum, { m }) => sum + m, 0);
  return [
    { ...surest, m: agreement },
    ...others.map((level) => ({ ...level, m: (level.m / rest) * (1 - agreement) })),
  ];
}
