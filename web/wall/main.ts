import { mount } from 'svelte';
import '../shared/base.css';
import Wall from './Wall.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('the page has no #app');
mount(Wall, { target });
