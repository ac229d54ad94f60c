// What tests of the Invitations page look for, and what time and Settings do.
import { sql } from './database.ts';
import { capturedLink, complete, invite, type Account } from './http.ts';
import type { Portico } from './portico.ts';
import type { Page } from './test.ts';

export const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });
export const clock = (page: Page, email: string) => page.getByRole('link', { name: `Review pending invitation for ${email}` });
export const bin = (page: Page, email: string) => page.getByRole('link', { name: `Delete invitation to ${email}` });
export const envelope = (page: Page, email: string) => page.getByRole('button', { name: `Resend invitation to ${email}` });

/** Auto-approval, as Settings has it. */
export async function approveBy(portico: Portico, who: 'itself' | 'hand'): Promise<void> {
    await sql(portico.databaseUrl, 'update workspaces set auto_approval = $1', [who === 'itself']);
}

/** The time of an address's invitation is over. */
export async function runOut(portico: Portico, email: string): Promise<void> {
    const statement = `update invitations set valid_until = now() - interval '1 second' where email_key = $1 and status = 'pending'`;
    await sql(portico.databaseUrl, statement, [email]);
}

/** Invited and registered, while somebody has to approve. */
export async function registered(portico: Portico, owner: Account, email: string, name: string): Promise<void> {
    await approveBy(portico, 'hand');
    await invite(owner, email, 'visitor');
    await complete(portico, await capturedLink(portico, email), name);
}
