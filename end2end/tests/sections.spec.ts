// The code of a section comes when it is needed, and not before.
import { makeOwner } from '../support/http.ts';
import { expect, failed, open, test, type Page } from '../support/test.ts';

/** The packs of code that the page asks for from here on, by their plain names, each as often as it is asked for. */
function asked(page: Page): string[] {
    const packs: string[] = [];
    page.on('request', (request) => {
        const pack = new URL(request.url()).pathname.match(/^\/pkg\/portico-(\w+)\.[0-9a-f]{16}\.bin$/)?.[1];
        if (pack) packs.push(pack);
    });
    return packs;
}

test('the first pages bring nothing of other sections along, and a section comes with the way to it', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const visitor = await person({ at: portico });
    const before = asked(visitor);
    await open(visitor, '/sign-in');
    expect(before.toSorted(), 'the sign-in page').toEqual(['doors', 'first']);

    const page = await person({ at: portico, as: owner });
    const packs = asked(page);
    await open(page, '/');
    expect(packs.toSorted(), 'the dashboard').toEqual(['dashboard', 'first']);
    await page.getByRole('link', { name: 'Roles' }).click();
    await expect(page.getByRole('heading', { name: 'Roles', level: 1 })).toBeVisible();
    await expect(page).toHaveURL(`${portico.url}/roles`);
    expect(packs.slice(2).toSorted(), 'the way to the roles').toEqual(['common', 'roles']);
    await page.getByRole('link', { name: 'Billing' }).click();
    await expect(page.getByRole('heading', { name: 'Billing', level: 1 })).toBeVisible();
    expect(packs.slice(4), 'what is at hand is not asked for again').toEqual(['workspace']);
    await page.goBack();
    await expect(page.getByRole('heading', { name: 'Roles', level: 1 })).toBeVisible();
    expect(packs).toHaveLength(5);
});

test('a page that is opened by its address brings its section along, once', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    for (const [address, section] of [
        ['/users', 'people'],
        ['/invitations', 'people'],
        ['/roles/new', 'roles'],
        ['/customers', 'customers'],
        ['/organizations', 'customers'],
        ['/apis', 'apis'],
        ['/groups', 'apis'],
        ['/access-requests/mine', 'requests'],
        ['/billing', 'workspace'],
        ['/outbox', 'workspace'],
        ['/settings/regions', 'workspace'],
    ] as const) {
        const page = await person({ at: portico, as: owner });
        const packs = asked(page);
        await open(page, address);
        expect(packs.toSorted(), address).toEqual(['common', 'first', section].toSorted());
        await page.close();
    }
});

test('a link that is pointed at has its section at hand', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const page = await person({ at: portico, as: owner });
    await open(page, '/');
    const came = page.waitForResponse(/portico-apis\./);
    await page.getByRole('link', { name: 'APIs' }).hover();
    expect((await came).ok()).toBe(true);
    await expect(page, 'pointed at, not followed').toHaveURL(`${portico.url}/`);
});

test('where a section cannot be had, the server is asked for the page', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const page = await person({ at: portico, as: owner, expected: [failed(404), / answered 404/] });
    await open(page, '/');
    // As after an update of the server: a page of the old version asks for files that are gone, and a new one does not.
    let old = true;
    await page.route(/portico-roles\./, (route) => (old ? route.fulfill({ status: 404 }) : route.continue()));
    await page.route('**/roles', async (route) => {
        old = false;
        await route.continue();
    });
    await page.evaluate(() => Object.assign(window, { old: true }));
    await page.getByRole('link', { name: 'Roles' }).click();
    await page.waitForFunction(() => !('old' in window) && 'ready' in document.documentElement.dataset);
    await expect(page).toHaveURL(`${portico.url}/roles`);
    await page.getByRole('link', { name: 'New Role' }).click();
    await expect(page.getByRole('link', { name: 'Finance (team)' }), 'and all is well').toBeVisible();
});
