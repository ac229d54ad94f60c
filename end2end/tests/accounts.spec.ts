// Organizations with their users, and customers with what they reach; with and without script.
import { sql } from '../support/database.ts';
import { makeOwner, PASSWORD, signIn, Browser } from '../support/http.ts';
import type { Portico } from '../support/portico.ts';
import { expect, failed, open, test, toast, type Page } from '../support/test.ts';

// Without script nobody uses the WASM that the page has fetched ahead.
const unused = /\.wasm was preloaded using link preload but not used/;

const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });
const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 });

/** Two APIs for `HANSA-7` and one that is not; they are there before the customer is. */
async function apis({ databaseUrl }: Portico): Promise<void> {
    await sql(
        databaseUrl,
        `with made as (
             insert into apis (workspace_id, id, slug, name)
             select w.id, gen_random_uuid(), v.slug, v.name from workspaces w,
                 (values ('tracking', 'Vessel Tracking'), ('berths', 'Berths'), ('tides', 'Tides')) v (slug, name)
             returning workspace_id, id, slug
         )
         insert into api_customer_ids (workspace_id, api_id, customer_id)
         select workspace_id, id, 'HANSA-7' from made where slug <> 'tides'`,
    );
}

/** A page that is gone to, and taken over by its script where there is one. */
async function go(page: Page, address: string, script: boolean): Promise<void> {
    if (script) await open(page, address);
    else await page.goto(address);
}

for (const script of [true, false]) {
    const how = script ? 'with script' : 'without script';
    const options = script
        ? { expected: [failed(409), failed(422)] }
        : { javaScriptEnabled: false, expected: [failed(409), failed(422), unused] };

    test(`${how}: an organization, its users, and an Org Admin who manages them`, async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        const page = await person({ at: portico, as: owner, ...options });
        await go(page, '/organizations', script);
        await expect(page.getByText('No organization yet')).toBeVisible();
        for (const name of ['Hansa Shipping', 'Lumen']) {
            await go(page, '/organizations', script);
            await page.getByRole('link', { name: 'New organization' }).click();
            const drawer = page.getByRole('dialog', { name: 'New organization' });
            await drawer.getByLabel('Name', { exact: true }).fill(name);
            if (script && name !== 'Lumen') {
                await expect(drawer.getByText('Left empty, it becomes hansa-shipping.')).toBeVisible();
            }
            await drawer.getByRole('button', { name: 'Create' }).click();
            await expect(heading(page, name)).toBeVisible();
            await expect(toast(page, 'Organization created.')).toBeVisible();
        }
        await go(page, '/organizations', script);
        await page.getByRole('link', { name: 'Hansa Shipping' }).click();
        await expect(page.getByText('Nobody belongs to it yet')).toBeVisible();
        const address = new URL(page.url()).pathname;

        const add = async (name: string, role: string, more = '') => {
            await page.getByRole('link', { name: 'Add User' }).click();
            const drawer = page.getByRole('dialog', { name: 'Add a user to Hansa Shipping' });
            await drawer.getByLabel('Full name').fill(name);
            await drawer.getByLabel('Email').fill(`${name.split(' ')[0]!.toLowerCase()}@hansa.test`);
            await drawer.getByLabel('Role', { exact: true }).selectOption({ label: role });
            await drawer.getByLabel('Organizations', { exact: true }).fill(more);
            await drawer.getByRole('button', { name: 'Create' }).click();
            return drawer;
        };
        const refused = await add('Olga Admin', 'Org Admin', 'Lumen');
        await expect(refused.getByRole('alert')).toHaveText('Only Developers can belong to several organizations.');
        await expect(refused.getByLabel('Full name')).toHaveValue('Olga Admin');
        await go(page, address, script);
        await add('Olga Admin', 'Org Admin');
        await expect(toast(page, 'User created.')).toBeVisible();
        await expect(row(page, 'Olga Admin')).toContainText('Pending activation');
        await add('Dora Dev', 'Developer', 'Lumen');
        await expect(row(page, 'Dora Dev')).toContainText('Belongs to other organizations, too');

        // While somebody belongs to it, it stays, and it says who.
        await page.getByRole('link', { name: 'Delete Hansa Shipping' }).click();
        const stays = page.getByRole('dialog', { name: 'Hansa Shipping cannot be deleted yet' });
        await expect(stays).toContainText('Olga Admin');
        await expect(stays).toContainText('Dora Dev');
        await expect(stays.getByRole('button', { name: /Delete/ })).toHaveCount(0);
        await stays.getByRole('link', { name: 'Back' }).click();

        await page.getByRole('link', { name: 'Rename Hansa Shipping' }).click();
        await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Hanse Logistik');
        await page.getByRole('button', { name: 'Save' }).click();
        await expect(heading(page, 'Hanse Logistik')).toBeVisible();

        // The Org Admin gets a password, and manages this organization alone.
        await sql(
            portico.databaseUrl,
            `update users set password_hash = (select password_hash from users where kind = 'teammate') where full_name = 'Olga Admin'`,
        );
        const browser = new Browser(portico);
        await signIn(browser, 'olga@hansa.test', PASSWORD);
        const olga = await person({ at: portico, as: { email: 'olga@hansa.test', name: 'Olga Admin', browser }, ...options });
        await go(olga, '/', script);
        const navigation = olga.getByRole('navigation', { name: 'Main' });
        await expect(navigation.getByRole('link', { name: 'Customers' })).toHaveCount(0);
        await navigation.getByRole('link', { name: 'Organizations' }).click();
        await expect(row(olga, 'Hanse Logistik')).toBeVisible();
        await expect(row(olga, 'Lumen')).toHaveCount(0);
        await olga.getByRole('link', { name: 'Hanse Logistik' }).click();
        await olga.getByRole('link', { name: 'Edit Dora Dev' }).click();
        await expect(olga.getByText('belongs to an organization that is not yours')).toBeVisible();
        await expect(olga.getByRole('button', { name: 'Save' })).toHaveCount(0);

        // Who is taken out of the other organization is theirs.
        await page.getByRole('link', { name: 'Edit Dora Dev' }).click();
        // With script the chip is gone at once, without it is unticked.
        await page.getByRole('checkbox', { name: 'Lumen' }).click({ force: true });
        await page.getByRole('button', { name: 'Save' }).click();
        await expect(toast(page, 'User saved.')).toBeVisible();
        await go(olga, olga.url().split('?')[0]!, script);
        await olga.getByRole('link', { name: 'Edit Dora Dev' }).click();
        await olga.getByLabel('State').selectOption({ label: 'Disabled' });
        await olga.getByRole('button', { name: 'Save' }).click();
        await expect(row(olga, 'Dora Dev')).toContainText('Disabled');
        await olga.getByRole('link', { name: 'Edit Dora Dev' }).click();
        await olga.getByRole('link', { name: 'Remove Dora Dev' }).click();
        const dialog = olga.getByRole('dialog', { name: 'Remove Dora Dev?' });
        await expect(dialog).toContainText('The role Developer in Hanse Logistik');
        await dialog.getByRole('button', { name: 'Remove' }).click();
        await expect(row(olga, 'Dora Dev')).toHaveCount(0);
    });

    test(`${how}: a customer who gains all matching APIs`, async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        await apis(portico);
        const page = await person({ at: portico, as: owner, ...options });
        await go(page, '/customers', script);
        await expect(page.getByText('No customer yet')).toBeVisible();
        await page.getByRole('link', { name: 'New customer' }).click();
        const drawer = page.getByRole('dialog', { name: 'New customer' });
        await drawer.getByLabel('Full name').fill('Lars Bjerregaard');
        await drawer.getByLabel('Email').fill('lars@hansa');
        await drawer.getByLabel('Customer ID').fill('HANSA-7');
        if (script) await expect(drawer.getByText('2 APIs match this Customer ID.')).toBeVisible();
        await drawer.getByRole('button', { name: 'Create' }).click();
        await expect(drawer.getByText('The part after @ needs a dot')).toBeVisible();
        await expect(drawer.getByLabel('Customer ID')).toHaveValue('HANSA-7');
        await drawer.getByLabel('Email').fill('lars@hansa.test');
        await drawer.getByRole('button', { name: 'Create' }).click();

        await expect(heading(page, 'Lars Bjerregaard')).toBeVisible();
        await expect(page.getByText('Pending activation').first()).toBeVisible();
        for (const api of ['Vessel Tracking', 'Berths']) await expect(row(page, api)).toContainText('Matching Customer ID');
        await expect(row(page, 'Tides')).toHaveCount(0);

        await page.getByLabel('Customer ID').fill('hansa-7');
        if (script) {
            await expect(page.getByText('No API has this Customer ID.')).toBeVisible();
            await expect(page.getByRole('heading', { name: 'Before saving' })).toBeVisible();
        }
        await page.getByRole('button', { name: 'Save' }).click();
        await expect(toast(page, 'Customer saved.')).toBeVisible();
        await expect(page.getByText('None. Check the Customer ID')).toBeVisible();

        await go(page, '/customers?q=ansa-7', script);
        await row(page, 'lars@hansa.test').getByRole('link', { name: 'Edit Lars Bjerregaard' }).click();
        await page.getByRole('link', { name: 'Remove Lars Bjerregaard' }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
        await expect(toast(page, 'Customer deleted.')).toBeVisible();
        await expect(page.getByText('No customer yet')).toBeVisible();
    });
}
