import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { jestConfig } = require('@salesforce/sfdx-lwc-jest/config');

/** @type {import('jest').Config} */
export default {
  ...jestConfig,
  testRegex: '/__tests__/.*\\.test\\.ts$',
  modulePathIgnorePatterns: ['<rootDir>/.local-org', '<rootDir>/local-org'],
  moduleNameMapper: {
    ...jestConfig.moduleNameMapper,
    // jsdom lays nothing out, and its parser gives up on container queries.
    '\\.css$': require.resolve('@lwc/jest-resolver/resources/emptyStyleMock.js'),
  },
  setupFilesAfterEnv: [...jestConfig.setupFilesAfterEnv, '<rootDir>/jest.setup.js'],
  collectCoverageFrom: ['force-app/**/lwc/**/*.ts', '!**/__tests__/**'],
};
