import { mount } from 'svelte';
import '../shared/base.css';
import Console from './Console.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('the page has no #app');
mount(Console, { target });
