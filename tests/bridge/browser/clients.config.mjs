// The clients that others wrote, each as one module that a page can load. Run in web/, where they are installed.
const from = (path) => `node_modules/${path}`;

export default {
  publicDir: false,
  logLevel: 'error',
  build: {
    target: 'es2022',
    minify: false,
    lib: {
      formats: ['es'],
      entry: {
        whip: from('whip-whep/whip.js'),
        whep: from('whip-whep/whep.js'),
        eyevinn: from('@eyevinn/whip-web-client/dist/whip-client.modern.js'),
      },
    },
  },
};
