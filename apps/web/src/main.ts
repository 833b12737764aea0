import { mount } from 'svelte';
import App from './components/App.svelte';
import './styles/base.css';

const target = document.getElementById('app');
if (!target) throw new Error('no #app');
mount(App, { target });
