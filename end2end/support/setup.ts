// Before all tests: the binary is there, and a PostgreSQL cluster that can be thrown away runs.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { binary, root } from './portico.ts';

export default function setup(): void {
    if (!existsSync(binary)) {
        throw new Error(`${binary} is missing. Build it with make build, or name another one in PORTICO_BIN.`);
    }
    // Workers inherit the environment.
    process.env.PORTICO_TEST_DATABASE_URL ??= execFileSync(`${root}/scripts/test-db.sh`, ['start'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
    }).trim();
}
