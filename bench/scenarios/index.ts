import type { Scenario } from '../runner/scenario.ts';
import { connect } from './connect.ts';
import { durablePosts } from './durable-posts.ts';
import { hotRoom } from './hot-room.ts';
import { hugeRoom } from './huge-room.ts';
import { idle } from './idle.ts';
import { latency } from './latency.ts';
import { manyRooms } from './many-rooms.ts';

/** All of them, in the order in which they are measured. */
export const scenarios: readonly Scenario[] = [hotRoom, hugeRoom, manyRooms, durablePosts, latency, idle, connect];
