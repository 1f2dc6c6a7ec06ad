import { mount } from 'svelte';
import '../shared/base.css';
import './wall.css';
import './mosaic.css';
import { fonts } from './fonts.ts';
import WallPage from './Wall.svelte';
import { Wall } from './wall.svelte.ts';

const target = document.getElementById('app');
if (!target) throw new Error('the page has no #app');
void fonts(0);
mount(WallPage, { target, props: { wall: new Wall() } });
