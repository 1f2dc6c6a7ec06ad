// Node's socket.io. `node socketio.mjs natural PORT`: as its documentation shows it, one emit to a room for every update.
// `batched`: by somebody who measures: the native mask and unmask that its page on performance names (bufferutil, taken by
// ws where it is installed), no compression, and what changed in 100 ms emitted as one event.
import { createServer } from 'node:http'
import { Server } from 'socket.io'

const [version, port] = process.argv.slice(2)
const INTERVAL_MS = 100
const WEAK_RTT = 1_500
const MAX_RTT = 3_600_000

const http = createServer()
const io = new Server(http, version === 'batched' ? { perMessageDeflate: false, httpCompression: false, transports: ['websocket'] } : {})
const latest = new Map()
const changed = new Set()

const valid = (s) => Number.isInteger(s?.point) && s.point >= 1 && Number.isInteger(s.rtt) && s.rtt >= 0 && s.rtt <= MAX_RTT
const quality = (rtt) => (rtt > WEAK_RTT ? 'weak' : 'good')

function natural({ point, rtt }) {
  const row = { point, quality: quality(rtt), rtt }
  latest.set(point, row)
  io.to('walls').emit('row', row)
}

function batched({ point, rtt }) {
  latest.set(point, [point, quality(rtt), rtt])
  changed.add(point)
}

const take = version === 'batched' ? batched : natural

io.on('connection', (socket) => {
  socket.on('watch', () => socket.join('walls'))
  socket.on('status', (status) => {
    if (valid(status)) take(status)
    else socket.emit('refused', { error: 'invalid' })
  })
})

if (version === 'batched') {
  setInterval(() => {
    if (!changed.size) return
    const rows = Array.from(changed, (point) => latest.get(point))
    changed.clear()
    io.to('walls').emit('rows', rows)
  }, INTERVAL_MS)
}

http.listen(Number(port), '127.0.0.1')
