import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

// Whoever reads the answers of a script takes standard output line by line: the log must not stand between them.
test('a defect is logged on standard error; standard output carries the answer alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'seatwise-cli-'));
  try {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(import.meta.dirname, '../../src/cli/main.ts'), 'check', '--json'],
      { env: { PATH: process.env['PATH'], DATA_DIR: join(file, 'below-it') }, encoding: 'utf8' },
    );
    expect(status).toBe(1);
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(1);
    const answer = JSON.parse(lines[0]!) as { ok: boolean; code: string; message: string };
    expect(answer).toMatchObject({ ok: false, code: 'internal' });
    const reference = /Quote ([A-Z2-9]{6}) /.exec(answer.message)![1];
    expect(stderr).toContain(`"ref":"${reference}"`);
    expect(stderr).toContain('ENOTDIR');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
