import { everyScreen } from '../pictures/every-screen.ts';

everyScreen('en');
