import type { Change, HelpCategory, Phase, Status } from '../../wire/socket.ts';

const phases: Record<Phase, string> = {
  draft: 'Đang chuẩn bị', rehearsal: 'Tổng duyệt', live: 'Đang diễn ra', closed: 'Đã kết thúc',
};

const statuses: Record<Status, string> = {
  help: 'Cần hỗ trợ', lost: 'Mất kết nối', weak: 'Đường truyền yếu', tv: 'Theo dõi qua TV', none: 'Chưa vào',
  in: 'Đã vào phòng', ready: 'Sẵn sàng', ok: 'Đang dự', left: 'Đã rời',
};

/** In a column's head or under a small count. */
const brief: Record<Status, string> = {
  help: 'Hỗ trợ', lost: 'Mất', weak: 'Yếu', tv: 'TV', none: 'Chưa vào', in: 'Đã vào', ready: 'Sẵn sàng', ok: 'Dự', left: 'Rời',
};

const categories: Record<HelpCategory, string> = {
  no_sound: 'Không có tiếng', no_picture: 'Không có hình', line: 'Đường truyền', documents: 'Thiếu tài liệu', other: 'Việc khác',
};

const changes: Record<Change, string> = {
  added: 'được thêm vào', edited: 'sửa thông tin', in: 'vào phòng', ready: 'sẵn sàng', not_ready: 'chưa sẵn sàng', left: 'đã rời',
  tv: 'chuyển sang xem TV', tv_off: 'theo dõi lại qua mạng', lost: 'mất kết nối', returned: 'kết nối lại', headcount: 'báo số người',
  help: 'gọi hỗ trợ', help_taken: 'có người nhận hỗ trợ', help_resolved: 'đã khắc phục',
};

/** What stands in the timeline of one room. */
const events: Record<string, string> = {
  points_added: 'Thêm vào hội nghị', points_edited: 'Sửa thông tin', points_merged: 'Gộp phòng', points_closed: 'Đóng điểm cầu',
  points_reopened: 'Mở lại điểm cầu', links_renewed: 'Cấp đường dẫn mới', links_revoked: 'Thu hồi đường dẫn',
  device_enrolled: 'Thêm máy', device_removed: 'Gỡ máy', code_issued: 'Cấp mã tài liệu', code_revoked: 'Thu hồi mã tài liệu',
  checked_in: 'Vào phòng', ready_set: 'Sẵn sàng', headcount_reported: 'Báo số người', tv_followed: 'Theo dõi qua TV',
  point_left: 'Rời hội nghị', help_asked: 'Gọi hỗ trợ', help_taken: 'Nhận hỗ trợ', help_resolved: 'Đã khắc phục',
  line_up: 'Có kết nối', line_lost: 'Mất kết nối', scans_counted: 'Quét mã QR',
  air_asked: 'Mời phát biểu', air_answered: 'Trả lời lời mời phát biểu', on_air_set: 'Lên hình', air_ended: 'Kết thúc phát biểu',
};

/** Every word of the wall in Vietnamese. Functions hold what varies; numbers and times come formatted. */
export const vi = {
  page: 'Màn hình điều hành',
  phases, statuses, brief, categories, changes, events,
  other: 'English',
  otherLabel: 'Switch to English',
  points: (n: string) => `${n} điểm cầu`,
  starts: (time: string) => `khai mạc ${time}`,
  startsIn: (span: string) => `còn ${span}`,

  line: {
    live: 'Trực tiếp',
    connecting: 'Đang kết nối…',
    lost: 'Mất kết nối với máy chủ',
    silent: 'Máy chủ không trả lời',
    ended: 'Máy chủ đã ngắt',
    asOf: (time: string, age: string) => `số liệu lúc ${time}, cách đây ${age}`,
    never: 'chưa có số liệu',
    retry: (span: string) => `nối lại sau ${span}`,
    retrying: 'đang nối lại',
    now: 'Nối lại ngay',
    slow: 'Chế độ dự phòng',
    slowDetail: 'tin mới có thể chậm thêm một giây',
    held: 'Máy chủ tạm chưa ghi được',
    heldDetail: 'báo cáo chờ trong máy của điểm cầu, số liệu đứng yên',
  },

  modes: { label: 'Cách xem', mosaic: 'Khảm', cards: 'Thẻ', groups: 'Nhóm', table: 'Bảng', watch: 'Chú ý' },
  tools: {
    link: 'Sao chép đường dẫn tới khung nhìn này',
    copied: 'Đã sao chép đường dẫn',
    help: 'Phím tắt',
    console: 'Về trang quản lý',
  },
  search: {
    label: 'Tìm điểm cầu, không cần dấu',
    short: 'Tìm điểm cầu',
    none: 'Không có điểm cầu nào khớp',
    more: (n: string) => `và ${n} điểm cầu khác`,
    found: (n: string) => `${n} điểm cầu khớp`,
    clear: 'Xóa từ tìm',
  },

  totals: {
    label: 'Tổng hợp',
    present: 'Điểm cầu có mặt',
    presentWord: 'có mặt',
    readyWord: 'sẵn sàng',
    people: 'Người dự',
    reported: 'Đã báo số người',
    absent: 'Vắng có lý do · không lý do',
    scans: 'Lượt quét QR',
    devices: 'Máy đang kết nối',
    playing: 'Có hình, tiếng',
    filter: 'Lọc theo trạng thái',
    clear: 'Bỏ lọc',
  },

  mosaic: {
    label: 'Tất cả điểm cầu',
    group: (name: string, present: string, points: string) => `${name}, ${present} trên ${points} có mặt`,
    open: 'Xem riêng đơn vị này',
    tile: (name: string, group: string, status: string, people: string) => `${name}, ${group}: ${status}. ${people}`,
    ofExpected: (n: string, expected: string) => `${n} trên ${expected} người`,
    notReported: (expected: string) => `Chưa báo số, triệu tập ${expected}`,
    for: (span: string) => `đã ${span}`,
    sinceClock: (time: string) => `từ ${time}`,
  },

  groups: {
    label: 'Các đơn vị',
    level: 'Mở tới cấp',
    unit: 'Đơn vị',
    states: 'Trạng thái',
    present: 'Có mặt',
    people: 'Người dự',
    share: 'Tỷ lệ',
    reported: 'Đã báo',
    scans: 'Quét QR',
    devices: 'Máy',
    expand: 'Mở các đơn vị bên dưới',
    collapse: 'Thu lại',
    all: 'Tất cả',
    up: 'Lên một cấp',
    tooMany: (n: string) => `${n} điểm cầu là quá nhiều cho một màn hình: chọn một đơn vị để xem khảm.`,
  },

  table: {
    label: 'Bảng điểm cầu',
    status: 'Trạng thái', point: 'Điểm cầu', group: 'Thuộc', people: 'Có mặt', expected: 'Triệu tập', share: 'Tỷ lệ',
    excused: 'Vắng CLD', unexcused: 'Vắng KLD', scans: 'Quét QR', opens: 'Mở TL', devices: 'Máy', since: 'Từ lúc', change: 'Thay đổi gần nhất',
    excusedLong: 'Vắng có lý do', unexcusedLong: 'Vắng không lý do', opensLong: 'Lượt mở tài liệu',
    sort: (column: string) => `Sắp xếp theo ${column}`,
    none: 'Không có điểm cầu nào như vậy',
    noneHint: 'Bỏ bớt điều kiện lọc hoặc từ tìm.',
    shown: (n: string, all: string) => `${n} trên ${all} điểm cầu`,
  },

  rail: {
    label: 'Cần chú ý',
    calls: 'Cần hỗ trợ',
    calm: 'Không có yêu cầu nào đang chờ',
    more: (n: string) => `và ${n} yêu cầu khác`,
    nobody: 'Chưa ai nhận',
    taken: (owner: string) => `${owner} đang xử lý`,
    notices: 'Thông báo',
    to: { all: 'cho mọi người', attendees: 'cho người dự', operators: 'cho cán bộ' },
    news: 'Vừa thay đổi',
    quiet: 'Chưa có gì thay đổi',
    waiting: (n: string) => `${n} thay đổi mới`,
    reports: (n: string) => `báo ${n} người`,
  },

  air: {
    programme: 'Chương trình',
    show: 'Hiện hình',
    hide: 'Ẩn hình',
    onAir: (room: string) => `Đang lên hình: ${room}`,
    states: { none: '', asked: 'Đã mời', ready: 'Sẵn sàng', on: 'Đang lên hình' },
    stateHints: {
      none: '',
      asked: 'chờ điểm cầu đồng ý',
      ready: 'chỉ ban tổ chức xem được',
      on: 'mọi điểm cầu đang xem',
    },
    // Of a room that is heard and not seen.
    heard: { none: '', asked: 'Đã mời', ready: 'Sẵn sàng, chỉ tiếng', on: 'Đang lên tiếng' },
    heardHints: { none: '', asked: '', ready: 'chỉ ban tổ chức nghe được', on: 'mọi điểm cầu đang nghe' },
    // Its line is gone while it is on air: what all see in its place.
    lost: { hall: 'mất hình, chương trình đang là hội trường', slate: 'mất hình, chương trình đang là màn chờ' },
    lostShort: 'Mất hình',
    words: {
      ask: 'Mời phát biểu', withdraw: 'Rút lời mời', put: 'Đưa lên hình', replace: 'Đưa lên thay', takeBack: 'Trả hình về hội trường',
      letGo: 'Kết thúc', cutOff: 'Cắt và kết thúc',
    },
    done: {
      ask: 'đã mời', withdraw: 'đã rút lời mời', put: 'đã đưa lên hình', replace: 'đã đưa lên hình', takeBack: 'đã trả hình về hội trường',
      letGo: 'đã kết thúc', cutOff: 'đã cắt và kết thúc',
    },
    sureReplace: (other: string, room: string) => `${other} đang lên hình. Cắt ${other} và đưa ${room} lên thay?`,
    sureCut: (room: string) => `Mọi điểm cầu đang xem ${room}. Cắt ngay, và điểm cầu ngừng gửi hình?`,
    keep: 'Thôi',
    notThere: 'Điểm cầu vào phòng rồi mới mời phát biểu được.',
    wholeOnly: 'Ban tổ chức toàn hội nghị đưa lên hình.',
    watch: 'Xem trực tiếp',
    liveOf: (room: string) => `Hình trực tiếp: ${room}`,
    picture: 'Hình ảnh',
    pictureOf: (room: string) => `Ảnh nhỏ: ${room}`,
    noPicture: 'Điểm cầu không gửi ảnh',
    screen: {
      connecting: 'Đang nối…', quiet: 'Điểm cầu chưa gửi hình.', lost: 'Mất hình, đang nối lại…',
      refused: 'Không xem được: điểm cầu không còn phát.', sound: 'Bật tiếng', silent: 'Tắt tiếng',
    },
    programmeScreen: {
      connecting: 'Đang nối…', quiet: 'Chưa có hình của chương trình.', lost: 'Mất hình, đang nối lại…',
      refused: 'Tài khoản này không xem được chương trình.', sound: 'Bật tiếng', silent: 'Tắt tiếng',
    },
    talk: 'Giữ để nói',
    talkHint: 'Chỉ phòng này nghe thấy.',
    talkLater: 'Phòng nghe được khi đã đồng ý phát biểu.',
    talkGone: 'Phòng không mở trang nào: chưa nghe được bạn.',
    talkConnecting: 'Đang nối, xin chờ một nhịp…',
    talking: 'Phòng đang nghe bạn.',
    talkRefused: 'Không nói được tới phòng này.',
    microphone: {
      denied: 'Trình duyệt không cho dùng micrô.', none: 'Máy này không có micrô.', busy: 'Ứng dụng khác đang giữ micrô.',
      insecure: 'Chỉ dùng được micrô khi trang mở bằng https.',
    },
    voice: 'Chỉ có tiếng',
    voiceHint: 'máy của điểm cầu không có hình',
    together: (rooms: string, all: string) => `${rooms}/${all} điểm cầu có hình, tiếng`,
    playing: 'Đang xem', loss: 'Mất gói', freezes: 'Đứng hình', frames: 'Hình/giây', level: 'Tiếng',
    levelOf: (level: string) => `Mức tiếng ${level} trên 8`,
  },

  odd: {
    word: 'nghi nhầm',
    title: 'Nghi nhầm số',
    seats: (people: string, seats: string, expected: string) =>
      `Báo ${people} người, phòng có ${seats} chỗ, triệu tập ${expected}. Nên gọi hỏi lại.`,
    expected: (people: string, expected: string) => `Báo ${people} người, triệu tập ${expected}. Nên gọi hỏi lại.`,
  },

  drawer: {
    label: 'Chi tiết điểm cầu',
    close: 'Đóng',
    expected: 'Triệu tập', declared: 'Báo', scans: 'Quét QR', devices: 'Máy',
    absent: (excused: string, unexcused: string) => `Vắng ${excused} có lý do, ${unexcused} không lý do`,
    call: (category: string) => `Gọi hỗ trợ: ${category}`,
    take: 'Nhận hỗ trợ',
    takeOver: 'Nhận thay',
    resolve: 'Đã khắc phục',
    actions: 'Thay mặt điểm cầu',
    toTv: 'Chuyển sang xem TV',
    toLine: 'Trở lại theo dõi qua mạng',
    checkIn: 'Ghi vào phòng',
    report: 'Ghi số người báo qua điện thoại',
    reportField: 'Số người trong phòng',
    reportGo: 'Ghi',
    sending: 'Đang gửi…',
    offline: 'Đang mất kết nối, chưa gửi được.',
    contacts: 'Liên hệ',
    noContacts: 'Chưa có người liên hệ. Thêm ở trang quản lý.',
    phone: 'Gọi',
    phoneTo: (name: string) => `Gọi cho ${name}`,
    people: 'Số người dự',
    noCounts: 'Chưa báo lần nào',
    countsLabel: (list: string) => `Số người đã báo theo giờ: ${list}`,
    line: 'Đường truyền',
    lines: { none: 'chưa kết nối lần nào', up: 'đang kết nối', lost: 'đang mất' },
    quality: { unknown: '', good: 'ổn định', weak: 'yếu' },
    connected: 'đang kết nối',
    away: 'không kết nối',
    noDevices: 'Chưa có máy nào dùng đường dẫn của điểm cầu',
    timeline: 'Diễn biến',
    noTimeline: 'Chưa có diễn biến',
    late: (time: string) => `ghi lúc ${time}`,
    by: { account: 'ban tổ chức', token: 'ứng dụng', device: 'điểm cầu', system: 'hệ thống' },
    failed: 'Chưa tải được chi tiết.',
    retry: 'Thử lại',
    gone: 'Điểm cầu này không còn trong hội nghị.',
    room: (seats: string) => `${seats}\u00a0chỗ`,
    off: 'thôi',
    refused: 'không nhận lời',
    reportedPeople: (n: string) => `${n} người`,
  },

  blank: {
    loading: 'Đang tải màn hình điều hành',
    empty: 'Chưa có điểm cầu nào',
    emptyHint: 'Thêm điểm cầu ở trang quản lý; chúng hiện ra ở đây ngay, không cần tải lại.',
    emptyAction: 'Thêm điểm cầu',
    unknown: 'Không có hội nghị này',
    unknownHint: 'Đường dẫn có thể đã cũ hoặc gõ sai.',
    forbidden: 'Tài khoản này không được xem hội nghị',
    forbiddenHint: 'Nhờ người quản trị cấp quyền, hoặc đăng nhập bằng tài khoản khác.',
    revoked: 'Đường dẫn này không còn dùng được',
    revokedHint: 'Nó đã bị thu hồi hoặc hết hạn. Xin ban tổ chức một đường dẫn mới.',
    down: 'Không tới được máy chủ',
    downHint: (span: string) => `Sẽ tự thử lại sau ${span}. Màn hình này không cần tải lại.`,
    trying: 'Đang thử lại…',
    broken: 'Màn hình này và máy chủ không hiểu nhau',
    brokenHint: 'Máy chủ đã được nâng cấp. Hãy tải lại trang.',
    reload: 'Tải lại trang',
    home: 'Về trang quản lý',
    login: 'Đăng nhập',
    unit: 'Không có đơn vị này trong hội nghị',
    back: 'Xem tất cả',
  },

  keys: {
    title: 'Phím tắt',
    close: 'Đóng',
    find: 'Tìm điểm cầu',
    modes: 'Khảm, nhóm, bảng',
    cards: 'Thẻ có ảnh',
    move: 'Đi giữa các điểm cầu',
    ends: 'Điểm cầu đầu, cuối',
    trouble: 'Điểm cầu cần chú ý kế tiếp',
    enter: 'Mở điểm cầu, vào đơn vị',
    escape: 'Đóng, bỏ tìm, bỏ lọc, lên một cấp',
    filter: 'Lọc trạng thái kế tiếp, trước đó',
    copy: 'Sao chép đường dẫn tới khung nhìn này',
    full: 'Toàn màn hình',
    help: 'Bảng này',
    legend: 'Chú giải',
  },

  spoken: {
    one: (name: string, status: string) => `${name}: ${status}`,
    many: (n: string, status: string) => `${n} điểm cầu: ${status}`,
    lost: 'Mất kết nối với máy chủ',
    back: 'Đã nối lại với máy chủ',
    opened: (name: string) => `Đang xem riêng ${name}`,
    filter: (status: string, n: string) => `Lọc ${status}: ${n} điểm cầu`,
    noFilter: 'Đã bỏ lọc',
  },
};

export type Texts = typeof vi;
