"""What the bridge says when it refuses: code -> (Vietnamese, English), templates over the error's parameters."""

from collections.abc import Mapping

TEXTS: dict[str, tuple[str, str]] = {
    # Offers
    "offer_too_large": ("Bản mô tả SDP quá lớn: {detail}.", "The SDP offer is too large: {detail}."),
    "offer_malformed": ("Bản mô tả SDP sai định dạng: {detail}.", "The SDP offer is malformed: {detail}."),
    "offer_too_many_sections": (
        "Bản mô tả SDP có quá nhiều dòng m= ({detail}); mỗi loại hình ảnh, âm thanh chỉ cần một dòng.",
        "The SDP offer has too many m-lines: {detail}. One for picture and one for sound is enough.",
    ),
    "offer_without_bundle": (
        "Hình ảnh và âm thanh phải đi chung một đường truyền (a=group:BUNDLE): {detail}.",
        "Picture and sound must share one transport: {detail}.",
    ),
    "offer_without_rtcp_mux": (
        "Bản mô tả SDP phải có a=rtcp-mux: {detail}.",
        "RTCP must share the transport of its media: {detail}.",
    ),
    "offer_without_ice": (
        "Bản mô tả SDP thiếu thông tin ICE: {detail}.",
        "The SDP offer has no ICE credentials: {detail}.",
    ),
    "offer_without_fingerprint": (
        "Bản mô tả SDP thiếu dấu vân tay chứng thư (a=fingerprint): {detail}.",
        "The SDP offer has no certificate fingerprint: {detail}.",
    ),
    "offer_setup_not_served": (
        "Bên gửi phải là bên bắt đầu kết nối DTLS (a=setup:actpass hoặc active): {detail}.",
        "The one who offers must begin the DTLS handshake: {detail}.",
    ),
    "offer_without_known_codec": (
        "Không có bộ mã hóa nào dùng được ở đây: hình ảnh cần H.264 hoặc VP8, âm thanh cần Opus ({detail}).",
        "The offer has nothing that can be carried: pictures are H.264 or VP8 here, sound is Opus ({detail}).",
    ),
    "stream_plays_other_codec": (
        "Luồng này đang phát bằng {codec}, thiết bị của bạn không nhận được.",
        "This stream plays in {codec}, which your player does not take.",
    ),
    "codec_not_carried": (
        "Ở đây hình ảnh chỉ đi bằng {codec}; hãy chọn {codec} trong chương trình phát.",
        "Pictures go in {codec} alone here; choose {codec} in your encoder.",
    ),
    # Requests
    "content_type_wrong": ("Yêu cầu phải có Content-Type: {expected}.", "The request needs Content-Type: {expected}."),
    "encoding_unsupported": (
        "Dữ liệu gửi lên không được nén (Content-Encoding).",
        "What is sent must not be compressed (Content-Encoding).",
    ),
    "too_large": (
        "Dữ liệu gửi lên quá lớn (tối đa {limit} byte).",
        "The request is too large (at most {limit} bytes).",
    ),
    "slow_request": ("Yêu cầu gửi quá chậm.", "The request came too slowly."),
    "bad_request": ("Yêu cầu không hợp lệ.", "The request is not valid."),
    "fragment_malformed": (
        "Nội dung ICE gửi lên (trickle-ice-sdpfrag) sai định dạng.",
        "The ICE fragment (trickle-ice-sdpfrag) is malformed.",
    ),
    "precondition_missing": (
        "Yêu cầu phải có If-Match với ETag của phiên.",
        "The request needs If-Match with the session's ETag.",
    ),
    "precondition_failed": (
        "ETag này thuộc về một lần kết nối ICE đã được thay thế.",
        "This ETag is of ICE credentials that were replaced.",
    ),
    "restart_not_served": (
        "Máy chủ hình ảnh ở đây không nối lại được phiên cũ; hãy mở phiên mới.",
        "A session cannot be restarted here; open a new one.",
    ),
    # Passes
    "pass_missing": (
        "Cần có khóa truy cập (Authorization: Bearer …).",
        "A key is needed (Authorization: Bearer …).",
    ),
    "pass_malformed": ("Khóa truy cập không đúng dạng.", "This is not a key of this system."),
    "pass_foreign": (
        "Khóa truy cập không do hệ thống này cấp.",
        "This key was not given by the service that this bridge belongs to.",
    ),
    "pass_expired": (
        "Khóa truy cập đã hết hạn, hãy lấy khóa mới.",
        "This key has expired; get a new one.",
    ),
    "pass_renewed": (
        "Khóa phát này đã được thay bằng khóa mới.",
        "The keys to publish were renewed; this one is not valid any more.",
    ),
    "published_elsewhere": (
        "Luồng này ở máy chủ khác: {url}.",
        "This stream is at another bridge: {url}.",
    ),
    "quality_wrong": (
        "Chất lượng phải là 0 (cao nhất), 1, 2, “sound” (chỉ âm thanh) hoặc null (tự động).",
        'A quality is 0 (the best), 1, 2, "sound" (sound alone) or null (by itself).',
    ),
    "session_publishes": (
        "Phiên này phát lên, không có chất lượng để chọn.",
        "This session publishes; it has no quality to choose.",
    ),
    "pass_other_stream": (
        "Khóa truy cập này dành cho luồng khác.",
        "This key is for another stream.",
    ),
    "pass_other_act": (
        "Khóa truy cập này không cho phép {act}.",
        "This key does not allow {act}.",
    ),
    "act_publish": ("phát lên", "publishing"),
    "act_watch": ("xem", "watching"),
    "session_not_yours": (
        "Phiên này được mở bằng khóa truy cập khác.",
        "This session was opened with another key.",
    ),
    # What there is
    "session_unknown": ("Không có phiên này, hoặc phiên đã kết thúc.", "There is no such session, or it is over."),
    "stream_unknown": ("Không có luồng nào tên là “{stream}”.", "There is no stream called “{stream}”."),
    "stream_taken": (
        "Luồng này đang có người phát. Hãy dừng bên kia trước, hoặc phát vào luồng dự phòng.",
        "Somebody is publishing this stream. Stop there first, or publish as the spare.",
    ),
    "not_found": ("Không tìm thấy.", "Not found."),
    "method_not_allowed": (
        "Địa chỉ này không nhận cách gọi đó.",
        "This address does not accept that method.",
    ),
    "forbidden": ("Bạn không có quyền làm việc này.", "You are not allowed to do this."),
    # Not now
    "full": ("Máy chủ đã đủ số phòng; hãy thử lại sau ít giây.", "The bridge is full; try again in a few seconds."),
    "media_away": (
        "Máy chủ hình ảnh đang mất kết nối; hãy thử lại sau ít giây.",
        "The media server is away just now; try again in a few seconds.",
    ),
    "media_refused": (
        "Máy chủ hình ảnh từ chối phiên này.",
        "The media server refuses this session.",
    ),
    "draining": (
        "Máy chủ sắp dừng để bảo trì; hãy nối vào máy chủ khác.",
        "The bridge is going down for maintenance; use another one.",
    ),
    "too_many_requests": (
        "Quá nhiều yêu cầu từ địa chỉ này; hãy chờ {seconds} giây.",
        "Too many requests from this address; wait {seconds} seconds.",
    ),
    "internal": ("Lỗi của máy chủ.", "The server failed."),
}


def text(code: str, lang: str, params: Mapping[str, object]) -> str:
    """A parameter that is a code itself is told in the same language."""
    filled = {name: _choose(TEXTS[value], lang) if value in TEXTS else value for name, value in params.items()}
    return _choose(TEXTS[code], lang).format(**filled)


def _choose(pair: tuple[str, str], lang: str) -> str:
    return pair[1] if lang == "en" else pair[0]


def language(header: str) -> str:
    """`vi` unless the reader asked for English first."""
    for part in header.split(","):
        tag = part.split(";")[0].strip().lower()[:2]
        if tag in ("vi", "en"):
            return tag
    return "vi"
