// Databases in the cluster for tests: one for each server, gone when the server is.
import { randomBytes } from 'node:crypto';
import pg from 'pg';

function cluster(): string {
    const url = process.env.PORTICO_TEST_DATABASE_URL;
    if (!url) throw new Error('PORTICO_TEST_DATABASE_URL is not set, though support/setup.ts sets it');
    return url;
}

/** Runs one statement and gives its rows. */
export async function sql(url: string, statement: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
        return (await client.query(statement, values)).rows;
    } finally {
        await client.end();
    }
}

/** Makes an empty database and gives its URL. */
export async function createDatabase(): Promise<string> {
    const name = `end2end_${randomBytes(6).toString('hex')}`;
    await sql(cluster(), `create database ${name}`);
    const url = new URL(cluster());
    url.pathname = `/${name}`;
    return url.href;
}

export async function dropDatabase(url: string): Promise<void> {
    await sql(cluster(), `drop database if exists ${new URL(url).pathname.slice(1)} with (force)`);
}
