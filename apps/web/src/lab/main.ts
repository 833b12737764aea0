import { mount } from 'svelte';
import LabPage from './components/LabPage.svelte';
import '../styles/base.css';
import './lab.css';

const target = document.getElementById('lab');
if (!target) throw new Error('no #lab');
mount(LabPage, { target });
