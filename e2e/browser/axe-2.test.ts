import { everyScreenOf } from './axe-screens.ts';

everyScreenOf(1);
