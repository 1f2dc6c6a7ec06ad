import { mount } from 'svelte';
import '../shared/base.css';
import './console.css';
import Console from './Console.svelte';
import { i18n } from './lib/i18n.svelte.ts';

const target = document.getElementById('app');
if (!target) throw new Error('the page has no #app');
await i18n.start();
mount(Console, { target });
