// What every test begins with: servers that end with it, and browsers in which nothing may go wrong unseen.
import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect, type BrowserContextOptions, type Page } from '@playwright/test';
import { join } from 'node:path';
import { type Encryption, MailServer } from './mail.ts';
import { Portico, root, type Settings } from './portico.ts';
import type { Account } from './http.ts';

export { expect };
export type { Page };

/** The browser's own line for an answer that a test expects. */
export const failed = (status: number) =>
    new RegExp(`^Failed to load resource: the server responded with a status of ${status}\\b`);
/** The browser's own lines while the server is gone. */
export const gone = /^Failed to load resource: net::ERR_|net::ERR_(CONNECTION|INCOMPLETE|EMPTY|NETWORK)/;
/** What Chromium says when Playwright itself looks into the frame of a mail, which may run no script. */
export const inspected = /^Blocked script execution in '\S+\/html' because the document's frame is sandboxed/;

interface Person extends BrowserContextOptions {
    /** At which Portico. */
    at: Portico;
    /** Signed in as. */
    as?: Account;
    /** What the console may say. */
    expected?: RegExp[];
}

interface Fixtures {
    /** Starts a Portico that is stopped, in order, when the test ends. */
    serve: (settings?: Partial<Settings>) => Promise<Portico>;
    /** Starts a mail server. */
    mailServer: (encryption?: Encryption) => Promise<MailServer>;
    /** Opens a browser of its own for somebody. */
    person: (person: Person) => Promise<Page>;
}

export const test = base.extend<Fixtures>({
    serve: async ({}, use, info) => {
        const started: Portico[] = [];
        await use(async (settings = {}) => {
            const portico = await Portico.start({ database: 'url', ...settings });
            started.push(portico);
            return portico;
        });
        for (const portico of started) {
            if (info.status !== info.expectedStatus) {
                await info.attach(`portico-${portico.port}.log`, { body: portico.errors || '(silent)' });
            }
            await portico.remove();
        }
    },
    mailServer: async ({}, use) => {
        const started: MailServer[] = [];
        await use(async (encryption) => {
            const server = new MailServer(encryption);
            await server.start();
            started.push(server);
            return server;
        });
        await Promise.all(started.map((server) => server.stop()));
    },
    // Named after the servers, so that browsers are closed before they stop.
    person: async ({ browser, serve, mailServer }, use, info) => {
        void serve;
        void mailServer;
        const said: string[] = [];
        const contexts: Awaited<ReturnType<typeof browser.newContext>>[] = [];
        await use(async ({ at, as, expected = [], ...options }) => {
            const context = await browser.newContext({
                baseURL: at.url,
                viewport: { width: 1440, height: 900 },
                reducedMotion: 'reduce',
                colorScheme: 'light',
                ...options,
            });
            contexts.push(context);
            if (as) await context.addCookies([as.browser.session]);
            context.on('page', (page) => {
                page.on('console', (message) => {
                    const bad = ['error', 'warning', 'assert'].includes(message.type());
                    if (bad && !expected.some((line) => line.test(message.text()))) {
                        said.push(`${page.url()} ${message.type()}: ${message.text()}`);
                    }
                });
                page.on('pageerror', (error) => said.push(`${page.url()} threw ${error.stack ?? error.message}`));
                page.on('crash', () => said.push(`${page.url()} crashed`));
            });
            return context.newPage();
        });
        const open = contexts.flatMap((context) => context.pages());
        if (info.status !== info.expectedStatus) {
            for (const [index, page] of open.entries()) {
                await info.attach(`page ${index + 1}`, { body: await page.screenshot(), contentType: 'image/png' });
            }
        }
        await Promise.all(contexts.map((context) => context.close()));
        expect(said, 'what the console and the page said').toEqual([]);
    },
});

/** Goes to an address and waits until its script has taken over. */
export async function open(page: Page, address: string): Promise<void> {
    await page.goto(address);
    await ready(page);
}

/** Waits until the page's script has taken over. */
export async function ready(page: Page): Promise<void> {
    // A page whose script has failed says so soon, not when the test has run out of time.
    await page.locator('html[data-ready]').waitFor({ state: 'attached', timeout: 60_000 });
}

/** Nothing that axe finds: WCAG 2.2 AA and good practice. */
export async function axe(page: Page): Promise<void> {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    // What fades in or changes its colours is measured when it has.
    await page.evaluate(async () => {
        // What is in closed `details` stands still, and never ends.
        const ends = ({ effect }: Animation) =>
            effect?.getComputedTiming().iterations !== Infinity && (effect as KeyframeEffect).target?.checkVisibility();
        await Promise.allSettled(document.getAnimations().filter(ends).map((animation) => animation.finished));
    });
    // Legacy: in the page itself, where the frames are of no interest: a mail's runs no script.
    const { violations } = await new AxeBuilder({ page }).withTags(tags).setLegacyMode().analyze();
    const found = violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.map((node) => node.html) }));
    expect(found, `what axe finds on ${page.url()}`).toEqual([]);
}

/** Nothing sticks out to the right. */
export async function fits(page: Page): Promise<void> {
    const { needs, has } = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return { needs: scrollWidth, has: clientWidth };
    });
    expect(needs, `the width of ${page.url()}`).toBeLessThanOrEqual(has);
}

/**
 * Looks at the page as it is, wide and narrow, light and dark: nothing sticks out, axe finds nothing, and pictures are
 * kept in `screenshots/`.
 */
export async function look(page: Page, name: string): Promise<void> {
    for (const width of [1440, 390]) {
        await page.setViewportSize({ width, height: 900 });
        for (const colorScheme of ['light', 'dark'] as const) {
            await page.emulateMedia({ colorScheme });
            await fits(page);
            // Each width and each scheme once: it takes a second.
            if ((width === 1440) === (colorScheme === 'light')) await axe(page);
            const path = join(root, 'end2end/screenshots', `${name}-${width}-${colorScheme}.png`);
            await page.screenshot({ path, animations: 'disabled' });
        }
    }
    await page.setViewportSize({ width: 360, height: 800 });
    await fits(page);
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.emulateMedia({ colorScheme: 'light' });
}

/** The toast that says so. */
export function toast(page: Page, words: string) {
    return page.getByRole('status', { name: 'Notifications' }).locator('.toast').filter({ hasText: words });
}

/** Sees the toast that says so, and dismisses it. */
export async function told(page: Page, words: string): Promise<void> {
    const seen = toast(page, words);
    await expect(seen).toBeVisible();
    await seen.getByRole('button', { name: 'Dismiss' }).click();
    await expect(seen).toBeHidden();
}
