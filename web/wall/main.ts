import { mount } from 'svelte';
import '../shared/base.css';
import './wall.css';
import WallPage from './Wall.svelte';
import { Wall } from './wall.svelte.ts';

const target = document.getElementById('app');
if (!target) throw new Error('the page has no #app');
mount(WallPage, { target, props: { wall: new Wall() } });
