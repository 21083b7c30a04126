import { setup } from '@sa11y/jest';

// Adds expect(element).toBeAccessible() to every component test.
setup();
