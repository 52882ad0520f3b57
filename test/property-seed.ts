import fc from 'fast-check';

/**
 * Property tests take the same cases each time, so that a change is judged by what it changed and not by luck;
 * `WHALECURVE_TEST_SEED=random npm test` looks for new ones, and a number repeats a run.
 */
const wanted = process.env.WHALECURVE_TEST_SEED ?? '20260101';
if (wanted !== 'random') fc.configureGlobal({ seed: Number(wanted) });
