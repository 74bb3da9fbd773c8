/** `npm run bench`: every case in turn, progress on stderr, tables on stdout. */
import { readFileSync, writeFileSync } from 'node:fs';
import { circumstances, isBusy } from './circumstances.js';
import { coldStarts, type Start } from './cold.js';
import { comparisonsOf, verdict } from './comparisons.js';
import { replaceBetween } from './docs.js';
import { programs } from './footprint.js';
import type { Effort } from './interleave.js';
import { measure, type Measured } from './measure.js';
import { help, holds, parse, UsageError, type Options } from './options.js';
import type { Peer } from './peer.js';
import { peerNamed, peers } from './peers/index.js';
import { progress, type Progress } from './progress.js';
import { readmeTable } from './readme-table.js';
import { jsonOf, markdownOf, textOf, type Report } from './report.js';
import { start } from './runner.js';
import { sizeOf, type Size } from './size.js';
import { chart } from './svg.js';
import { work } from './worker.js';

// Many short rounds: a disturbance spoils few of them, and the sides of a round lie close together in time.
const full: Effort = { rounds: 21, roundMs: 40, warmUpMs: 400, capMs: 6000 };
const quick: Effort = { rounds: 7, roundMs: 20, warmUpMs: 100, capMs: 1000 };

const [, program = '', ...args] = process.argv;
if (args[0] === '--worker') await work(peerNamed(args[1] ?? ''));
else process.exitCode = await main();

async function main(): Promise<number> {
  let options: Options;
  try {
    options = parse(
      args,
      peers.map(({ name }) => name),
    );
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\nhint: npm run bench -- --help`);
    return 2;
  }
  if (options.help) {
    console.log(help);
    return 0;
  }
  const report = await run(options);
  console.log(textOf(report));
  if (options.json) writeFileSync(options.json, jsonOf(report));
  if (options.markdown) writeFileSync(options.markdown, `# Benchmarks\n\n${markdownOf(report)}\n`);
  if (options.svg) writeFileSync(options.svg, chart(report.comparisons, report.circumstances));
  const { missed, refused } = verdict(report.measured, report.comparisons);
  if (missed > 0) console.error(`\n${missed} ${missed === 1 ? 'target' : 'targets'} missed`);
  if (refused > 0) {
    console.error(`\n${refused} refused: the outputs differ`);
    return 1;
  }
  if (options.docs) writeDocs(report);
  return 0;
}

async function run(options: Options): Promise<Report> {
  const bar = progress(options.cases.length + options.extras.length);
  const { here, absent } = await whoIsHere(options, bar);
  const about = circumstances(
    here.flatMap((peer) => peer.versions?.() ?? []),
    options.quick ? 'quick' : 'full',
  );
  const measured: Measured[] = [];
  for (const [i, task] of options.cases.entries()) {
    bar.begin(i, task.id);
    const names = here.filter((peer) => peer.does(task)).map(({ name }) => name);
    const effort = options.quick ? quick : full;
    measured.push(await measure(task, names, effort, (name) => start(program, name), bar.say));
  }
  const present = programs.filter(({ peer }) => here.some(({ name }) => name === peer));
  let starts: Start[] = [];
  const sizes: Size[] = [];
  for (const [i, extra] of options.extras.entries()) {
    bar.begin(options.cases.length + i, extra);
    if (extra === 'cold start') starts = await coldStarts(present, options.quick ? 3 : 9, bar.say);
    else for (const one of present) sizes.push(...(await sizeOf(one)));
  }
  bar.stop();
  const comparisons = measured.flatMap((one) => comparisonsOf(one, (name) => peerNamed(name).against));
  return { circumstances: { ...about, busy: about.busy || isBusy(1) }, measured, comparisons, absent, starts, sizes };
}

/** The peers that were asked for and can run; one that cannot is left out with a line that says why. */
async function whoIsHere(options: Options, bar: Progress): Promise<{ here: Peer[]; absent: Record<string, string> }> {
  const [first, ...others] = peers;
  const wanted = others.filter(
    (peer) => options.peers.length === 0 || options.peers.some((text) => holds(peer.name, text)),
  );
  const here: Peer[] = [first];
  const absent: Record<string, string> = {};
  for (const peer of wanted) {
    const asked =
      options.cases.some((task) => peer.does(task)) ||
      (options.extras.length > 0 && programs.some((one) => one.peer === peer.name));
    if (!asked) continue;
    const reason = await peer.absent?.(bar.log);
    if (reason === undefined) here.push(peer);
    else {
      absent[peer.name] = reason;
      bar.log(`${peer.name} is left out: ${reason}`);
    }
  }
  return { here, absent };
}

function writeDocs(report: Report): void {
  const { comparisons, circumstances: about } = report;
  writeFileSync('docs/benchmarks.svg', chart(comparisons, about));
  const edit = (page: string, marker: string, content: string): void =>
    writeFileSync(page, replaceBetween(readFileSync(page, 'utf8'), marker, content));
  edit('docs/benchmarks.md', 'benchmarks', `![Ratios of all cases](benchmarks.svg)\n\n${markdownOf(report)}`);
  edit('README.md', 'performance', readmeTable(comparisons, about));
}
