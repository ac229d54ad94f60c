// End-to-end tests: the real binary, PostgreSQL, SMTP and Debian's Chromium. `make test` runs them last; by hand:
// `npx playwright test`, with PORTICO_BIN for another binary than target/release/portico.
import { defineConfig } from '@playwright/test';

export default defineConfig({
    testDir: 'tests',
    outputDir: 'test-results',
    globalSetup: './support/setup.ts',
    fullyParallel: true,
    workers: 2,
    retries: 0,
    forbidOnly: !!process.env.CI,
    // A test that looks at twenty pages in four ways takes a minute on two cores that are busy otherwise.
    timeout: 240_000,
    expect: { timeout: 10_000 },
    reporter: [['list']],
    use: {
        locale: 'en-GB',
        timezoneId: 'Europe/Copenhagen',
        trace: 'retain-on-failure',
        launchOptions: {
            executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
            args: ['--no-sandbox', '--disable-background-networking', '--disable-gpu'],
        },
    },
});
