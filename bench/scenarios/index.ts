import type { Scenario } from '../runner/scenario.ts';
import { connect } from './connect.ts';
import { durablePosts } from './durable-posts.ts';
import { growth } from './growth.ts';
import { growthHistory } from './growth-history.ts';
import { history } from './history.ts';
import { hotRoom } from './hot-room.ts';
import { hugeRoom } from './huge-room.ts';
import { idle } from './idle.ts';
import { jitter } from './jitter.ts';
import { latency } from './latency.ts';
import { manyRooms } from './many-rooms.ts';
import { slowReaders } from './slow-readers.ts';
import { start } from './start.ts';
import { storm } from './storm.ts';

/** All of them, in the order in which they are measured. */
export const scenarios: readonly Scenario[] = [
  hotRoom,
  hugeRoom,
  manyRooms,
  durablePosts,
  latency,
  idle,
  connect,
  storm,
  jitter,
  slowReaders,
  history,
  start,
  growth,
  growthHistory,
];
