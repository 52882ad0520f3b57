import config from './jest.config.js';

/** `npm run test:chaos`: kills nights at many random instants; takes about ten seconds for each. */
export default { ...config, testMatch: ['<rootDir>/test/chaos/**/*.chaos.ts'], maxWorkers: 1 };
