// What users hold: given in one browser, seen at once in another.
import { sql } from '../support/database.ts';
import { makeOwner, makeUser, userId } from '../support/http.ts';
import { axe, expect, look, open, test, told, type Page } from '../support/test.ts';

const preview = (page: Page) => page.getByRole('region', { name: 'Before you save' });

test('areas that are ticked for a Member open their sections without a reload', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const member = await makeUser(owner, 'mara@kestrel.test', 'Mara Member');
    const theirs = await person({ at: portico, as: member });
    await open(theirs, '/');
    await theirs.evaluate(() => (document.body.dataset.same = 'page'));
    const section = theirs.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Users' });
    await expect(section).toHaveCount(0);

    const page = await person({ at: portico, as: owner });
    await open(page, '/users');
    await page.getByRole('link', { name: 'Edit Mara Member' }).click();
    await look(page, 'user-access');
    await page.getByRole('link', { name: 'Edit Member' }).click();
    await expect(page.getByText('The ticked areas are not about single APIs')).toBeVisible();
    await page.getByRole('checkbox', { name: /^API management/ }).check();
    await expect(page.getByText('Areas that concern APIs: API management')).toBeVisible();
    await page.getByRole('checkbox', { name: /^API management/ }).uncheck();
    await page.getByRole('checkbox', { name: /^Team management/ }).check();
    await expect(preview(page).getByText('1 gains something')).toBeVisible();
    await expect(preview(page).getByText(/on Team management/)).toBeVisible();
    await look(page, 'user-rights');
    await page.getByRole('button', { name: 'Save' }).click();
    await told(page, 'Rights saved.');
    await expect(section).toBeVisible();
    await expect(theirs.locator('body')).toHaveAttribute('data-same', 'page');

    // Admin gives everything and hides the rest.
    await page.getByRole('link', { name: 'Edit Member' }).click();
    await page.getByLabel('Role').selectOption({ label: 'Administrator' });
    await expect(page.getByRole('checkbox', { name: /^Team management/ })).toBeHidden();
    await expect(page.getByRole('radiogroup', { name: 'APIs' })).toBeHidden();
    await page.getByRole('button', { name: 'Save' }).click();
    await told(page, 'Rights saved.');
    await expect(theirs.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Outbox' })).toBeVisible();

    // And what is taken is gone.
    await page.getByRole('link', { name: 'Remove Administrator' }).click();
    await page.getByRole('button', { name: 'Remove rights' }).click();
    await told(page, 'Rights deleted.');
    await expect(section).toHaveCount(0);
    await expect(page.getByText('No rights yet')).toBeVisible();
});

test('one role for each region, and why', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    await makeUser(owner, 'mara@kestrel.test', 'Mara Member', 'visitor');
    await sql(
        portico.databaseUrl,
        `insert into regions (workspace_id, slug, name) select id, v.slug, upper(v.slug)
         from workspaces, (values ('eu'), ('us')) v (slug)`,
    );
    const page = await person({ at: portico, as: owner });
    await open(page, `/users/${await userId(owner, 'Mara Member')}`);
    await page.getByRole('link', { name: 'Edit Visitor' }).click();
    await page.getByLabel('Region', { exact: true }).selectOption({ label: 'EU' });
    await page.getByRole('button', { name: 'Save' }).click();
    await told(page, 'Rights saved.');
    await page.getByRole('link', { name: 'Add role' }).click();
    await page.getByLabel('Role').selectOption({ label: 'API Owner' });
    await page.getByLabel('Region', { exact: true }).selectOption({ label: 'US' });
    await expect(preview(page).getByText(/in US/)).toBeVisible();
    await page.getByRole('button', { name: 'Save' }).click();
    await told(page, 'Rights saved.');
    await expect(page.getByRole('row').filter({ hasText: 'EU' }).filter({ hasText: 'Visitor' })).toBeVisible();
    await expect(page.getByRole('row').filter({ hasText: 'US' }).filter({ hasText: 'API Owner' })).toBeVisible();

    const why = page.getByRole('region', { name: 'Why?' });
    const ask = async (region: string) => {
        await why.getByLabel('Action').selectOption({ label: 'Update' });
        await why.getByLabel('Feature').selectOption({ label: 'API management' });
        await why.getByLabel('Region').selectOption({ label: region });
        await why.getByRole('button', { name: 'Ask' }).click();
    };
    await ask('US');
    await expect(why.getByText('Allowed')).toBeVisible();
    await expect(why.getByText('Role API Owner permits Update on API management')).toBeVisible();
    await ask('EU');
    await expect(why.getByText('Denied')).toBeVisible();
    await expect(why.getByText('The smallest changes that would allow it')).toBeVisible();
    await expect(page, 'the address is the question').toHaveURL(/region=eu/);
    await look(page, 'user-why');
    await axe(page);
});

test('without script, the effect is shown before it is saved', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    await makeUser(owner, 'mara@kestrel.test', 'Mara Member');
    const page = await person({ at: portico, as: owner, javaScriptEnabled: false, expected: [/status of 422/] });
    await page.goto(`/users/${await userId(owner, 'Mara Member')}`);
    await page.getByRole('link', { name: 'Edit Member' }).click();
    await page.getByRole('checkbox', { name: /^Billing/ }).check();
    await page.getByRole('button', { name: 'Show what changes' }).click();
    await expect(preview(page).getByText(/on Billing/)).toBeVisible();
    await expect(page.getByRole('checkbox', { name: /^Billing/ })).toBeChecked();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Rights saved.')).toBeVisible();
    await expect(page.getByText('Areas: Billing')).toBeVisible();
});
