// A reporter for node:test that counts single tests, so that the last line of a run says how many there were.
export default async function* tally(source) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const skips = [];
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (data.details?.type === 'suite') continue;
    if (data.skip !== undefined) {
      counts.skipped++;
      skips.push(`${data.name}${typeof data.skip === 'string' ? `: ${data.skip}` : ''}`);
    } else if (data.todo === undefined) counts[type === 'test:pass' ? 'passed' : 'failed']++;
  }
  yield JSON.stringify({ ...counts, skips });
}
