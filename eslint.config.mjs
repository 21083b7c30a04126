import { createRequire } from 'node:module';
import { defineConfig, globalIgnores } from 'eslint/config';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import lwcPlatform from '@lwc/eslint-plugin-lwc-platform';
import slds from '@salesforce-ux/eslint-plugin-slds';

const require = createRequire(import.meta.url);
const lwcTypeScript = require('@salesforce/eslint-config-lwc/recommended-ts');

/** Rooms of the local org from the bottom up: a room may import only from rooms before it. */
const ROOMS = [
  'values',
  'project',
  'schema',
  'store',
  'formula',
  'soql',
  'security',
  'runtime',
  'apex',
  'api',
  'lightning',
];

const roomBoundaries = ROOMS.map((room, index) => ({
  files: [`local-org/src/${room}/**/*.ts`],
  plugins: { '@typescript-eslint': tseslint.plugin },
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            // types.ts files are the interfaces between rooms and may be used, as types, from everywhere
            regex: `^(\\.\\./)+(${ROOMS.slice(index + 1).join('|') || 'none'})/(?!types\\.ts$)`,
            message: `The room "${room}" may import only from the rooms below it: see docs/architecture.md.`,
            allowTypeImports: false,
          },
        ],
      },
    ],
  },
}));

export default defineConfig([
  globalIgnores([
    '**/node_modules/**',
    'local-org/src/lightning/browser/**',
    'local-org/test/fixtures/**',
    '**/lwc/**/*.js',
    '.local-org/**',
    'coverage/**',
    'types/generated/**',
  ]),
  {
    files: ['force-app/**/lwc/**/*.ts'],
    extends: [lwcTypeScript, tseslint.configs.recommendedTypeChecked, lwcPlatform.configs.recommended],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@lwc/lwc-platform/valid-offline-wire': 'off', // crashes with the TypeScript parser
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['force-app/**/lwc/**/*.test.ts'],
    languageOptions: { globals: { ...globals.node, ...globals.jest } },
    rules: { '@lwc/lwc/no-unexpected-wire-adapter-usages': 'off' },
  },
  {
    // Follows jobs, which tell nobody how far they have come: asks again after a pause, and not once it has left the page.
    files: ['force-app/main/revenue/lwc/revenueHealth/revenueHealth.ts'],
    rules: { '@lwc/lwc/no-async-operation': 'off' },
  },
  { files: ['force-app/**/lwc/**/*.html'], extends: [slds.configs['flat/recommended-html'] ?? []] },
  { files: ['force-app/**/lwc/**/*.css'], extends: [slds.configs['flat/recommended-css'] ?? []] },
  {
    files: ['local-org/**/*.ts', 'scripts/**/*.ts', 'test/**/*.ts'],
    ignores: ['local-org/src/lightning/browser/**', 'local-org/test/fixtures/**'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      globals: globals.node,
      parserOptions: {
        project: ['./local-org/tsconfig.json', './scripts/tsconfig.json', './test/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' },
      ],
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['test', 'it', 'describe', 'suite'] },
          ],
        },
      ],
    },
  },
  {
    // what a server answers is untyped JSON: a test reads it as it comes and asserts on it
    files: ['local-org/test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
  ...roomBoundaries,
]);
