// `make bench`: figures instead of tests.
import { defineConfig } from '@playwright/test';

export default defineConfig({
    testDir: 'bench',
    outputDir: 'test-results',
    workers: 1,
    retries: 0,
    reporter: [['line']],
});
