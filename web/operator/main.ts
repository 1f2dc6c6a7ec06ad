import { mount } from 'svelte';
import '../shared/base.css';
import Operator from './Operator.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('the page has no #app');
mount(Operator, { target });
