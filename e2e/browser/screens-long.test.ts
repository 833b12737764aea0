import { everyScreen } from '../pictures/every-screen.ts';

everyScreen('long');
