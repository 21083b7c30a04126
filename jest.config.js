import { createRequire } from 'node:module';

const { jestConfig } = createRequire(import.meta.url)('@salesforce/sfdx-lwc-jest/config');

/** @type {import('jest').Config} */
export default {
  ...jestConfig,
  testRegex: '/__tests__/.*\\.test\\.ts$',
  modulePathIgnorePatterns: ['<rootDir>/.local-org', '<rootDir>/local-org'],
  setupFilesAfterEnv: [...jestConfig.setupFilesAfterEnv, '<rootDir>/jest.setup.js'],
  collectCoverageFrom: ['force-app/**/lwc/**/*.ts', '!**/__tests__/**'],
};
