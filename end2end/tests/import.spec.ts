// Bulk Import, after seed 002's "Bulk Import (CSV)" line by line, and its line about customers.
import { readFile } from 'node:fs/promises';
import { makeOwner } from '../support/http.ts';
import { expect, failed, look, open, ready, test, told, type Page } from '../support/test.ts';

const HEAD = 'Email,Full name,Role,Group,Password\r\n';

/** Hands a file in and waits for its dry run. */
async function check(page: Page, text: string, name = 'people.csv'): Promise<void> {
    await page.getByLabel('CSV file').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
    await page.getByRole('button', { name: 'Check file' }).click();
    await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
    await ready(page);
}

test('seed 002, Bulk Import (CSV): from the template to users with immediate access', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    expect((await owner.browser.post('/groups?new=1', 'create-group', { name: 'Port operators' })).status).toBe(303);
    const page = await person({ at: portico, as: owner });
    await open(page, '/users/import');
    await expect(page.getByRole('heading', { name: 'Bulk Import', level: 1 })).toBeVisible();
    await expect(page.getByText('Nothing was imported yet')).toBeVisible();
    await look(page, 'import');

    await test.step('Download the CSV template.', async () => {
        const [template] = await Promise.all([
            page.waitForEvent('download'),
            page.getByRole('link', { name: 'Download template' }).click(),
        ]);
        expect(await readFile(await template.path(), 'utf8')).toBe(HEAD);
    });
    await test.step('Fill in the required fields: Role, Group (optional), Password. Upload the CSV file.', async () => {
        const rows = [
            'lars@hansa.test,Lars Bjerregaard,Member,Port operators,Harbour-2026',
            'mei@hansa.test,陳大文,Visitor,,Harbour-2026',
            'LARS@hansa.test,Lars again,Member,,Harbour-2026',
            'no address,Somebody,Member,,Harbour-2026',
        ];
        await check(page, HEAD + rows.join('\r\n'));
        await expect(page.getByText('2 new, 2 with errors')).toBeVisible();
        await expect(page.getByText('2 rows have errors and are left out.')).toBeVisible();
        await expect(page.getByRole('row').filter({ hasText: 'Lars again' })).toContainText('Email: same as row 2');
        await page.getByRole('navigation', { name: 'Verdict' }).getByRole('link', { name: /Error/ }).click();
        await expect(page.getByRole('row').filter({ hasText: 'Somebody' })).toBeVisible();
        await expect(page.getByRole('row').filter({ hasText: 'Lars Bjerregaard' })).toHaveCount(0);
        await look(page, 'import-dry-run');
    });
    await test.step('Users imported this way receive immediate access and no email invitation is sent.', async () => {
        await page.getByRole('button', { name: 'Import 2 users' }).click();
        await told(page, 'The import has begun.');
        await expect(page.getByText('The import is done.'), 'without a reload').toBeVisible();
        await look(page, 'import-done');
        const lars = await person({ at: portico });
        await open(lars, '/sign-in');
        await lars.getByLabel('Email').fill('lars@hansa.test');
        await lars.getByLabel('Password', { exact: true }).fill('Harbour-2026');
        await lars.getByRole('button', { name: 'Sign in' }).click();
        await expect(lars.getByRole('heading', { name: 'Dashboard', level: 1 })).toBeVisible();
        await open(page, '/outbox');
        await expect(page.getByText('hansa.test')).toHaveCount(0);
        await open(page, '/groups');
        await page.getByRole('link', { name: 'Port operators' }).click();
        await expect(page.getByText('Lars Bjerregaard')).toBeVisible();
    });
    await test.step('The same file again changes nothing.', async () => {
        await open(page, '/users/import');
        await expect(page.getByRole('link', { name: 'people.csv' })).toBeVisible();
        await check(page, `${HEAD}lars@hansa.test,Lars,Member,,Harbour-2026\r\n`, 'again.csv');
        await expect(page.getByText('There is nothing to import in this file.')).toBeVisible();
        await expect(page.getByRole('button', { name: /^Import / })).toHaveCount(0);
        await page.getByRole('button', { name: 'Cancel import' }).click();
        await told(page, 'The import was cancelled.');
    });
});

test('seed 002: customers can also be invited using CSV bulk import, following the same format', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const page = await person({ at: portico, as: owner });
    await open(page, '/customers/import');
    await expect(page.getByText('Columns: Email, Full name (optional), Customer ID, Group (optional), Password.')).toBeVisible();
    await check(page, 'Email;Full name;Customer ID;Group;Password\r\nines@lumen.test;Inês;ACME-1;;Harbour-2026\r\n');
    await expect(page.getByText('separator semicolon')).toBeVisible();
    await page.getByRole('button', { name: 'Import 1 customer' }).click();
    await expect(page.getByText('The import is done.')).toBeVisible();
    await open(page, '/customers?q=ACME-1');
    await expect(page.getByRole('row').filter({ hasText: 'ines@lumen.test' })).toBeVisible();
});

test('a progress that survives leaving the page, and a new password at the first sign-in', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const page = await person({ at: portico, as: owner });
    await open(page, '/users/import');
    await page.getByLabel('Require a new password at first sign-in').check();
    const rows = Array.from({ length: 40 }, (_, n) => `p${n}@hansa.test,P ${n},Member,,Harbour-2026`);
    await check(page, HEAD + rows.join('\r\n'));
    await page.getByRole('button', { name: 'Import 40 users' }).click();
    await told(page, 'The import has begun.');
    const address = page.url();
    await open(page, '/users?q=p7@hansa');
    await expect(page.getByRole('row').filter({ hasText: 'p7@hansa.test' }), 'without a reload').toBeVisible();
    await open(page, address);
    await expect(page.getByText('40 people imported, 0 updated.')).toBeVisible();

    const lars = await person({ at: portico, expected: [failed(422)] });
    await open(lars, '/sign-in');
    await lars.getByLabel('Email').fill('p7@hansa.test');
    await lars.getByLabel('Password', { exact: true }).fill('Harbour-2026');
    await lars.getByRole('button', { name: 'Sign in' }).click();
    await expect(lars.getByRole('heading', { name: 'Choose a new password' })).toBeVisible();
    await ready(lars);
    await look(lars, 'new-password');
    await lars.goto('/users');
    await expect(lars).toHaveURL(/\/new-password$/);
    await ready(lars);
    await lars.getByLabel('Password', { exact: true }).fill('Harbour-2026');
    await lars.getByLabel('Confirm password').fill('Harbour-2026');
    await lars.getByRole('button', { name: 'Save and go on' }).click();
    await expect(lars.getByText('This is the password that you were given. Choose another one.')).toBeVisible();
    await lars.getByLabel('Password', { exact: true }).fill('Quayside-2027');
    await lars.getByLabel('Confirm password').fill('Quayside-2027');
    await lars.getByRole('button', { name: 'Save and go on' }).click();
    await expect(lars.getByRole('heading', { name: 'Dashboard', level: 1 })).toBeVisible();
});

test('without script, a wrong file is told in words and a right one is imported', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const page = await person({ at: portico, as: owner, javaScriptEnabled: false });
    await page.goto('/users/import');
    const hand = async (text: string) => {
        await page.getByLabel('CSV file').setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
        await page.getByRole('button', { name: 'Check file' }).click();
    };
    await hand('Email,Name\r\na@hansa.test,A\r\n');
    await expect(page.getByRole('alert')).toContainText('Its first row lacks Role and Password.');
    await hand(`${HEAD}a@hansa.test,A,Member,,Harbour-2026\r\n`);
    await page.getByRole('button', { name: 'Import 1 user' }).click();
    await expect(async () => {
        await page.reload();
        await expect(page.getByText('The import is done.')).toBeVisible({ timeout: 500 });
    }).toPass();
});
