// Loaded into every test file: one that doesn't end says what keeps it, and ends. A hook has no time limit of its own.
const LONGEST = 5 * 60_000;

setTimeout(() => {
  console.error(
    `${process.argv[1]} did not end within ${LONGEST / 60_000} minutes. It waits for: ${process.getActiveResourcesInfo().join(', ')}`,
  );
  process.exit(1);
}, LONGEST).unref();
