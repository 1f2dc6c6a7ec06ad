/* Generated from docs/openapi.json by `make openapi`; do not edit. */

export interface paths {
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The console */
        get: operations["get_root"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Files that stand at the root */
        get: operations["get_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every account */
        get: operations["get_api_accounts"];
        put?: never;
        /** Create an account */
        post: operations["post_api_accounts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{account}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete an account, its sessions and its tokens */
        delete: operations["delete_api_accounts_account"];
        options?: never;
        head?: never;
        /** Change an account */
        patch: operations["patch_api_accounts_account"];
        trace?: never;
    };
    "/api/accounts/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was done to accounts and keys */
        get: operations["get_api_accounts_log"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/bridges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The bridges */
        get: operations["get_api_bridges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/bridges/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A bridge reports, and is told what to do as soon as that changes; by a pass of its own */
        post: operations["post_api_bridges_name"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/bridges/{name}/drain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Empty a bridge for maintenance, or use it again */
        post: operations["post_api_bridges_name_drain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conferences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every conference that has the reader's unit */
        get: operations["get_api_conferences"];
        put?: never;
        /** Create a conference */
        post: operations["post_api_conferences"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conferences/{conference}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One conference with its sums */
        get: operations["get_api_conferences_conference"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conferences/{conference}/codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Replace a document code */
        post: operations["post_api_conferences_conference_codes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conferences/{conference}/codes/{which}.{format}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A document code as a QR picture, a point's or (`all`) the conference's */
        get: operations["get_api_conferences_conference_codes_which_format"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conferences/{conference}/commands": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give a command */
        post: operations["post_api_conferences_conference_commands"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conferences/{conference}/contacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The first contact of every point */
        get: operations["get_api_conferences_conference_contacts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conferences/{conference}/documents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every document with its versions */
        get: operations["get_api_conferences_conference_documents"];
        put?: never;
        /** Add a document: the body is the file */
        post: operations["post_api_conferences_conference_documents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conferences/{conference}/documents/{document}/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A document's file, released or not */
        get: operations["get_api_conferences_conference_documents_document_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conferences/{conference}/documents/{document}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A new version: the body is the file */
        post: operations["post_api_conferences_conference_documents_document_versions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conferences/{conference}/documents/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Scans and openings by document, point and minute */
        get: operations["get_api_conferences_conference_documents_counts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conferences/{conference}/journal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The audit trail, newest first */
        get: operations["get_api_conferences_conference_journal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conferences/{conference}/kiosks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The kiosks of a conference */
        get: operations["get_api_conferences_conference_kiosks"];
        put?: never;
        /** Make a kiosk's link */
        post: operations["post_api_conferences_conference_kiosks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conferences/{conference}/kiosks/{kiosk}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a kiosk; its screens go dark */
        delete: operations["delete_api_conferences_conference_kiosks_kiosk"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conferences/{conference}/links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The operators' secret links, to hand out */
        get: operations["get_api_conferences_conference_links"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conferences/{conference}/media": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What comes in and what the programme shows */
        get: operations["get_api_conferences_conference_media"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conferences/{conference}/media/passes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Where to publish or watch a stream, and the key to it */
        post: operations["post_api_conferences_conference_media_passes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conferences/{conference}/points": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Points, filtered and in pages */
        get: operations["get_api_conferences_conference_points"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conferences/{conference}/points.{format}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Points as a table, with contacts for organizers */
        get: operations["get_api_conferences_conference_points_format"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conferences/{conference}/points/{point}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One point in full */
        get: operations["get_api_conferences_conference_points_point"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conferences/{conference}/points/{point}/contacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Whom to call about a point */
        put: operations["put_api_conferences_conference_points_point_contacts"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conferences/{conference}/points/{point}/link.{format}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An operator's secret link as a QR picture */
        get: operations["get_api_conferences_conference_points_point_link_format"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conferences/{conference}/points/{point}/thumbnail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A room's small picture */
        get: operations["get_api_conferences_conference_points_point_thumbnail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conferences/{conference}/points/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Import points from a table: all or nothing, with lines of progress on request */
        post: operations["post_api_conferences_conference_points_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conferences/{conference}/points/select": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make points of units of the tree, with lines of progress on request */
        post: operations["post_api_conferences_conference_points_select"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conferences/{conference}/print/{kind}.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Posters with document codes, or operators' cards or sheets with secret links */
        get: operations["get_api_conferences_conference_print_kind_pdf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conferences/{conference}/print/poster.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The poster with the code of the whole conference */
        get: operations["get_api_conferences_conference_print_poster_pdf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/enrol": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Enrol a device by a secret link */
        post: operations["post_api_enrol"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/kiosk/media": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Where a kiosk that may plays the programme, and the key to it */
        post: operations["post_api_kiosk_media"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/my/code.svg": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My point's document code as a QR picture */
        get: operations["get_api_my_code_svg"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/my/point": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My point, whole */
        get: operations["get_api_my_point"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: operations["get_api_openapi_json"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/point/media": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Where my room watches or publishes a stream, and the key to it */
        post: operations["post_api_point_media"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/point/thumbnail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** My room's small picture, a JPEG */
        put: operations["put_api_point_thumbnail"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is asking */
        get: operations["get_api_session"];
        put?: never;
        /** Sign in; sets the session cookie */
        post: operations["post_api_session"];
        /** Sign out */
        delete: operations["delete_api_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change one's own password; every other session ends */
        post: operations["post_api_session_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's own sessions */
        get: operations["get_api_sessions"];
        put?: never;
        post?: never;
        /** End every other session of one's own */
        delete: operations["delete_api_sessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{session}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End a session of one's own */
        delete: operations["delete_api_sessions_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create the first administrator and sign in */
        post: operations["post_api_setup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's own API tokens */
        get: operations["get_api_tokens"];
        put?: never;
        /** Make an API token */
        post: operations["post_api_tokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tokens/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke an API token */
        delete: operations["delete_api_tokens_token"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/units": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Units below one, or found by words */
        get: operations["get_api_units"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/units.{format}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Units as a table */
        get: operations["get_api_units_format"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/units/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change a unit */
        patch: operations["patch_api_units_code"];
        trace?: never;
    };
    "/api/units/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Import units from a table: all or nothing, with lines of progress on request */
        post: operations["post_api_units_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/assets/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Built assets */
        get: operations["get_assets_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/console": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The console */
        get: operations["get_console"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/console/{rest}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The console */
        get: operations["get_console_rest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/d": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Type a document code */
        get: operations["get_d"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /** Type a document code */
        head: operations["head_d"];
        patch?: never;
        trace?: never;
    };
    "/D": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Type a document code */
        get: operations["get_D"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /** Type a document code */
        head: operations["head_D"];
        patch?: never;
        trace?: never;
    };
    "/d/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A room's documents; counts a device's first look */
        get: operations["get_d_code"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /** A room's documents; counts a device's first look */
        head: operations["head_d_code"];
        patch?: never;
        trace?: never;
    };
    "/D/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A room's documents; counts a device's first look */
        get: operations["get_D_code"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /** A room's documents; counts a device's first look */
        head: operations["head_D_code"];
        patch?: never;
        trace?: never;
    };
    "/d/{code}/{document}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Open a document: counts it, leads to its file */
        get: operations["get_d_code_document"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /** Open a document: counts it, leads to its file */
        head: operations["head_d_code_document"];
        patch?: never;
        trace?: never;
    };
    "/D/{code}/{document}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Open a document: counts it, leads to its file */
        get: operations["get_D_code_document"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /** Open a document: counts it, leads to its file */
        head: operations["head_D_code_document"];
        patch?: never;
        trace?: never;
    };
    "/D/{code}/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A room's notices and changes of its documents as they come */
        get: operations["get_D_code_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/F/{hash}/{grant}/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A document's file, by its content; the grant ends within the hour */
        get: operations["get_F_hash_grant_name"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /** A document's file, by its content; the grant ends within the hour */
        head: operations["head_F_hash_grant_name"];
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process answers */
        get: operations["get_healthz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/k/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The wall */
        get: operations["get_k_token"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/live.js": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What listens */
        get: operations["get_live_js"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The console */
        get: operations["get_login"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Prometheus metrics */
        get: operations["get_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/o/{link}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An operator's page */
        get: operations["get_o_link"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/O/{link}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An operator's page */
        get: operations["get_O_link"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/O/{link}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An operator's page */
        get: operations["get_O_link_folder"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/O/{link}/app.webmanifest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An operator's page as an app */
        get: operations["get_O_link_app_webmanifest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** It may be sent work */
        get: operations["get_readyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/setup/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The console */
        get: operations["get_setup_token"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/wall/{conference}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The wall */
        get: operations["get_wall_conference"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ws": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The WebSocket: walls look, operators act */
        get: operations["get_ws"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Account
         * @description `unit` bounds what is seen and changed to a subtree; None is everything. Administrators have none.
         */
        Account: {
            created_at: number;
            disabled: boolean;
            id: number;
            last_seen_at: number | null;
            login: string;
            name: string;
            /** @enum {unknown} */
            role: "administrator" | "organizer" | "viewer";
            unit: string | null;
        };
        /**
         * AccountEdit
         * @description What is left out stays. `unit` null lifts the bound. A new `password`, or `disabled`, ends every session.
         */
        AccountEdit: {
            disabled?: boolean;
            name?: string;
            password?: string;
            /** @enum {unknown} */
            role?: "administrator" | "organizer" | "viewer";
            unit?: string | null;
        };
        /**
         * AccountList
         * @description In the order of their logins.
         */
        AccountList: {
            accounts: components["schemas"]["Account"][];
        };
        /**
         * AccountRequest
         * @description `login`: 2 to 64 plain letters, digits, `. _ - + @`; case does not count. `password`: 12 to 200 characters.
         *         `unit` bounds the account to a subtree; without it, and always for administrators, everything.
         */
        AccountRequest: {
            login: string;
            name: string;
            password: string;
            /** @enum {unknown} */
            role: "administrator" | "organizer" | "viewer";
            /** @default null */
            unit?: string | null;
        };
        /** AirAnswered */
        AirAnswered: {
            /** @default true */
            accepted?: boolean;
            point: number;
            /** @enum {unknown} */
            type: "air_answered";
        };
        /** AirAsked */
        AirAsked: {
            point: number;
            /** @enum {unknown} */
            type: "air_asked";
        };
        /** AirEnded */
        AirEnded: {
            point: number;
            /** @enum {unknown} */
            type: "air_ended";
        };
        /**
         * AnswerAir
         * @description The room's own answer; `accept` false also takes an earlier yes back.
         */
        AnswerAir: {
            /** @default true */
            accept?: boolean;
            point: number;
            /** @enum {unknown} */
            type: "answer_air";
        };
        /**
         * AskAir
         * @description An organizer asks the room to speak. Its picture and sound go nowhere before it says yes.
         */
        AskAir: {
            point: number;
            /** @enum {unknown} */
            type: "ask_air";
        };
        /** AskHelp */
        AskHelp: {
            /** @enum {unknown} */
            category: "documents" | "line" | "no_picture" | "no_sound" | "other";
            /** @default  */
            note?: string;
            point: number;
            /** @enum {unknown} */
            type: "ask_help";
        };
        /**
         * BeatMessage
         * @description Presence, every `beat` milliseconds: the round trip the client measured, in milliseconds.
         */
        BeatMessage: {
            /** @default null */
            rtt?: number | null;
            /** @enum {unknown} */
            t: "beat";
        };
        /**
         * BridgeOrders
         * @description What a bridge is to do. For each conference that it carries: `on_air`, the stream that the programme shows as
         *         long as it lives (null: main, else spare); `generations`, below which passes to publish are refused; `homes`, the
         *         addresses of the bridges where the conferences are published, this one too. Of one that is not named, what was told
         *         last stays. `drain`: take nobody new, and let who is there go to others. `mark` names all this by its content.
         */
        BridgeOrders: {
            drain: boolean;
            generations: {
                [key: string]: number;
            };
            homes: {
                [key: string]: string;
            };
            mark: string;
            on_air: {
                [key: string]: string | null;
            };
        };
        /**
         * BridgeReport
         * @description `url`: what WHIP and WHEP addresses begin with. `unit`: the one whose rooms it is meant for. `upstream`: it takes
         *         the programmes from another bridge. `capacity` and `viewers` in people, `busy` the share of its busiest core.
         *         `showing`: for each conference that it carries, the stream that the programme shows; null: the slate.
         *         `mark`: that of the last answer, empty at first.
         */
        BridgeReport: {
            /** @default 0 */
            busy?: number;
            capacity: number;
            /** @default  */
            mark?: string;
            /** @default [] */
            publishers?: components["schemas"]["Publishing"][];
            /** @default {} */
            showing?: {
                [key: string]: string | null;
            };
            /** @default null */
            unit?: string | null;
            /** @default false */
            upstream?: boolean;
            url: string;
            /** @default 0 */
            viewers?: number;
        };
        /**
         * BridgeView
         * @description A bridge as organizers see it. `seen_at`: its last report, ms.
         */
        BridgeView: {
            alive: boolean;
            busy: number;
            capacity: number;
            draining: boolean;
            name: string;
            seen_at: number;
            /** @default null */
            unit?: string | null;
            /** @default false */
            upstream?: boolean;
            url: string;
            viewers: number;
        };
        /**
         * ByeMessage
         * @description Comes before the server closes; says when to come back.
         */
        ByeMessage: {
            code: number;
            reason: string;
            /** @default null */
            retry?: components["schemas"]["Retry"] | null;
            /** @enum {unknown} */
            t: "bye";
        };
        /**
         * CheckedIn
         * @description `by_device`: a device of the room did it, so its line is up; otherwise somebody entered it for the room.
         */
        CheckedIn: {
            /** @default false */
            by_device?: boolean;
            point: number;
            /** @enum {unknown} */
            type: "checked_in";
        };
        /** CheckIn */
        CheckIn: {
            point: number;
            /** @enum {unknown} */
            type: "check_in";
        };
        /** ClosePoints */
        ClosePoints: {
            points: number[];
            /** @default  */
            reason?: string;
            /** @enum {unknown} */
            type: "close_points";
        };
        /**
         * Code
         * @description `url` is what the QR picture holds. The code before it opens nothing any more.
         */
        Code: {
            code: string;
            point: number | null;
            url: string;
        };
        /** CodeExpirySet */
        CodeExpirySet: {
            /** @default null */
            expires_at?: number | null;
            /** @enum {unknown} */
            type: "code_expiry_set";
        };
        /** CodeIssued */
        CodeIssued: {
            code: string;
            /** @default null */
            point?: number | null;
            /** @enum {unknown} */
            type: "code_issued";
        };
        /** CodeRevoked */
        CodeRevoked: {
            /** @default null */
            point?: number | null;
            /** @enum {unknown} */
            type: "code_revoked";
        };
        /** CommandDone */
        CommandDone: {
            /** @default false */
            again?: boolean;
            at: number;
            id: string;
            seq: number;
        };
        /**
         * CommandRequest
         * @description `id` makes a repetition harmless: the same id gets the same answer.
         */
        CommandRequest: {
            command: components["schemas"]["EditConference"] | components["schemas"]["SetPhase"] | components["schemas"]["EditPoints"] | components["schemas"]["MergePoints"] | components["schemas"]["ClosePoints"] | components["schemas"]["ReopenPoints"] | components["schemas"]["RenewLinks"] | components["schemas"]["RevokeLinks"] | components["schemas"]["RemoveDevice"] | components["schemas"]["RevokeCode"] | components["schemas"]["SetCodeExpiry"] | components["schemas"]["CheckIn"] | components["schemas"]["server.protocol.commands.Ready"] | components["schemas"]["ReportHeadcount"] | components["schemas"]["FollowTv"] | components["schemas"]["Leave"] | components["schemas"]["AskHelp"] | components["schemas"]["TakeHelp"] | components["schemas"]["ResolveHelp"] | components["schemas"]["EditDocument"] | components["schemas"]["OrderDocuments"] | components["schemas"]["WithdrawDocument"] | components["schemas"]["RestoreDocument"] | components["schemas"]["PostNotice"] | components["schemas"]["WithdrawNotice"] | components["schemas"]["AskAir"] | components["schemas"]["AnswerAir"] | components["schemas"]["PutOnAir"] | components["schemas"]["EndAir"] | components["schemas"]["RenewMediaKeys"];
            id: string;
            /** @default null */
            sent_at?: number | null;
            /** @default null */
            tapped_at?: number | null;
        };
        /** ConferenceCreated */
        ConferenceCreated: {
            /** @default  */
            code?: string;
            /** @default  */
            help_phone?: string;
            /** @default  */
            place?: string;
            starts_at: number;
            title: string;
            /** @enum {unknown} */
            type: "conference_created";
        };
        /**
         * ConferenceDetail
         * @description `tallies`: the whole of what the reader may see ("") and every group below it.
         */
        ConferenceDetail: {
            conference: components["schemas"]["ConferenceView"];
            documents: components["schemas"]["DocumentView"][];
            notices: components["schemas"]["NoticeView"][];
            seq: number;
            tallies: components["schemas"]["Tally"][];
            units: components["schemas"]["UnitView"][];
        };
        /** ConferenceEdited */
        ConferenceEdited: {
            help_phone?: string;
            place?: string;
            starts_at?: number;
            title?: string;
            /** @enum {unknown} */
            type: "conference_edited";
        };
        /**
         * ConferenceView
         * @description `on_air`: the point that the programme shows; None: the hall, or a point that the reader may not see.
         */
        ConferenceView: {
            /** @default null */
            code?: string | null;
            /** @default null */
            code_expires_at?: number | null;
            /** @default  */
            help_phone?: string;
            id: string;
            /** @default null */
            on_air?: number | null;
            /** @enum {unknown} */
            phase: "closed" | "draft" | "live" | "rehearsal";
            phase_at: number;
            /** @default  */
            place?: string;
            starts_at: number;
            title: string;
        };
        /**
         * ContactView
         * @description `phone` is there only for who may call; `phone_shown` is masked.
         */
        ContactView: {
            name: string;
            phone?: string;
            phone_shown: string;
            role: string;
        };
        /**
         * Counts
         * @description Since the beginning; points without any are left out. `minutes`: `[minute in ms, scans, openings]`.
         */
        Counts: {
            documents: components["schemas"]["DocumentCount"][];
            minutes: [
                number,
                number,
                number
            ][];
            points: components["schemas"]["PointCount"][];
        };
        /** DeviceEnrolled */
        DeviceEnrolled: {
            device: number;
            label: string;
            point: number;
            /** @enum {unknown} */
            type: "device_enrolled";
        };
        /** DeviceRemoved */
        DeviceRemoved: {
            device: number;
            point: number;
            /** @enum {unknown} */
            type: "device_removed";
        };
        /** DeviceView */
        DeviceView: {
            /** @default false */
            connected?: boolean;
            enrolled_at: number;
            id: number;
            label: string;
        };
        /** DocumentAdded */
        DocumentAdded: {
            document: number;
            file: components["schemas"]["FileFacts"];
            /** @default null */
            release_at?: number | null;
            /** @default {} */
            scope?: components["schemas"]["Scope"];
            title: string;
            /** @enum {unknown} */
            type: "document_added";
        };
        /** DocumentCount */
        DocumentCount: {
            document: number;
            opens: number;
        };
        /**
         * DocumentDetail
         * @description A document with every version it had, oldest first.
         */
        DocumentDetail: {
            hash: string;
            id: number;
            kind: string;
            name: string;
            opens: number;
            /** @default null */
            pages?: number | null;
            /** @default null */
            release_at?: number | null;
            /** @default {} */
            scope?: components["schemas"]["Scope"];
            size: number;
            /** @enum {unknown} */
            state: "released" | "waiting" | "withdrawn";
            title: string;
            version: number;
            versions: components["schemas"]["VersionView"][];
        };
        /** DocumentEdited */
        DocumentEdited: {
            document: number;
            release_at?: number | null;
            scope?: components["schemas"]["Scope"];
            title?: string;
            /** @enum {unknown} */
            type: "document_edited";
        };
        /**
         * DocumentList
         * @description In the order people see them.
         */
        DocumentList: {
            documents: components["schemas"]["DocumentDetail"][];
        };
        /** DocumentRestored */
        DocumentRestored: {
            document: number;
            /** @enum {unknown} */
            type: "document_restored";
        };
        /** DocumentsOrdered */
        DocumentsOrdered: {
            documents: number[];
            /** @enum {unknown} */
            type: "documents_ordered";
        };
        /**
         * DocumentView
         * @description `scans` counts landings that showed it, `opens` the files handed out, both since the beginning.
         */
        DocumentView: {
            hash: string;
            id: number;
            kind: string;
            name: string;
            opens: number;
            /** @default null */
            pages?: number | null;
            /** @default null */
            release_at?: number | null;
            /** @default {} */
            scope?: components["schemas"]["Scope"];
            size: number;
            /** @enum {unknown} */
            state: "released" | "waiting" | "withdrawn";
            title: string;
            version: number;
        };
        /** DocumentWithdrawn */
        DocumentWithdrawn: {
            document: number;
            /** @enum {unknown} */
            type: "document_withdrawn";
        };
        /**
         * DoMessage
         * @description A command. `tapped_at` and `sent_at` are the device's clock; their difference is how long it waited.
         *
         *         `retry` says that it may have been sent before: the server then looks for its answer first.
         */
        DoMessage: {
            command: components["schemas"]["EditConference"] | components["schemas"]["SetPhase"] | components["schemas"]["EditPoints"] | components["schemas"]["MergePoints"] | components["schemas"]["ClosePoints"] | components["schemas"]["ReopenPoints"] | components["schemas"]["RenewLinks"] | components["schemas"]["RevokeLinks"] | components["schemas"]["RemoveDevice"] | components["schemas"]["RevokeCode"] | components["schemas"]["SetCodeExpiry"] | components["schemas"]["CheckIn"] | components["schemas"]["server.protocol.commands.Ready"] | components["schemas"]["ReportHeadcount"] | components["schemas"]["FollowTv"] | components["schemas"]["Leave"] | components["schemas"]["AskHelp"] | components["schemas"]["TakeHelp"] | components["schemas"]["ResolveHelp"] | components["schemas"]["EditDocument"] | components["schemas"]["OrderDocuments"] | components["schemas"]["WithdrawDocument"] | components["schemas"]["RestoreDocument"] | components["schemas"]["PostNotice"] | components["schemas"]["WithdrawNotice"] | components["schemas"]["AskAir"] | components["schemas"]["AnswerAir"] | components["schemas"]["PutOnAir"] | components["schemas"]["EndAir"] | components["schemas"]["RenewMediaKeys"];
            id: string;
            /** @default false */
            retry?: boolean;
            /** @default null */
            sent_at?: number | null;
            /** @enum {unknown} */
            t: "do";
            /** @default null */
            tapped_at?: number | null;
        };
        /**
         * DoneMessage
         * @description The command is durable. `again` says that the answer was given before. `point` is the state after it.
         */
        DoneMessage: {
            /** @default false */
            again?: boolean;
            at: number;
            id: string;
            point?: unknown | components["schemas"]["PointView"];
            seq: number;
            /** @enum {unknown} */
            t: "done";
        };
        /**
         * Drain
         * @description `on`: nobody new is sent there, and who is there goes to others.
         */
        Drain: {
            on: boolean;
        };
        /** EditConference */
        EditConference: {
            help_phone?: string;
            place?: string;
            starts_at?: number;
            title?: string;
            /** @enum {unknown} */
            type: "edit_conference";
        };
        /**
         * EditDocument
         * @description `release_at` None: released at once. A document is never given to anybody before its release time.
         */
        EditDocument: {
            document: number;
            release_at?: number | null;
            scope?: components["schemas"]["Scope"];
            title?: string;
            /** @enum {unknown} */
            type: "edit_document";
        };
        /** EditPoints */
        EditPoints: {
            edits: components["schemas"]["PointEdit"][];
            /** @enum {unknown} */
            type: "edit_points";
        };
        /**
         * EndAir
         * @description An organizer lets the room go, whatever it was asked for or does.
         */
        EndAir: {
            point: number;
            /** @enum {unknown} */
            type: "end_air";
        };
        /**
         * Enrolled
         * @description `token` goes into the socket's hello and into the Authorization header; keep it, it is shown once.
         */
        Enrolled: {
            conference: string;
            point: number;
            token: string;
        };
        /**
         * Enrolment
         * @description `link`: the 26 characters of the operator's address. `label`: what to call this device in the list.
         */
        Enrolment: {
            /** @default  */
            label?: string;
            link: string;
        };
        /**
         * Error
         * @description `code` is for programs and never changes its meaning; `message` is in the reader's language.
         *
         *         `field` names the field of the input that is wrong, `row` the row of a file as a spreadsheet counts it.
         */
        Error: {
            code: string;
            /** @default null */
            field?: string | null;
            message: string;
            /** @default null */
            request_id?: string | null;
            /** @default null */
            row?: number | null;
        };
        /** ErrorBody */
        ErrorBody: {
            error: components["schemas"]["Error"];
        };
        /**
         * Event
         * @description One entry of the journal.
         *
         *         `at` is the server's clock when it was decided, `occurred_at` the server's best estimate of when
         *         it happened (never later than `at`), `tapped_at` what the phone's own clock said, unchanged.
         *         `by` names the actor: `account:7`, `device:12.3` (point 12, device 3), `token:4`, `system`.
         */
        Event: {
            at: number;
            body: components["schemas"]["ConferenceCreated"] | components["schemas"]["ConferenceEdited"] | components["schemas"]["PhaseSet"] | components["schemas"]["UnitsPlaced"] | components["schemas"]["PointsAdded"] | components["schemas"]["PointsEdited"] | components["schemas"]["PointsMerged"] | components["schemas"]["PointsClosed"] | components["schemas"]["PointsReopened"] | components["schemas"]["LinksRenewed"] | components["schemas"]["LinksRevoked"] | components["schemas"]["DeviceEnrolled"] | components["schemas"]["DeviceRemoved"] | components["schemas"]["CodeIssued"] | components["schemas"]["CodeRevoked"] | components["schemas"]["CodeExpirySet"] | components["schemas"]["CheckedIn"] | components["schemas"]["ReadySet"] | components["schemas"]["HeadcountReported"] | components["schemas"]["TvFollowed"] | components["schemas"]["PointLeft"] | components["schemas"]["HelpAsked"] | components["schemas"]["HelpTaken"] | components["schemas"]["HelpResolved"] | components["schemas"]["LineUp"] | components["schemas"]["LineLost"] | components["schemas"]["DocumentAdded"] | components["schemas"]["VersionAdded"] | components["schemas"]["DocumentEdited"] | components["schemas"]["DocumentsOrdered"] | components["schemas"]["DocumentWithdrawn"] | components["schemas"]["DocumentRestored"] | components["schemas"]["NoticePosted"] | components["schemas"]["NoticeWithdrawn"] | components["schemas"]["AirAsked"] | components["schemas"]["AirAnswered"] | components["schemas"]["OnAirSet"] | components["schemas"]["AirEnded"] | components["schemas"]["MediaKeysRenewed"] | components["schemas"]["ScansCounted"];
            by: string;
            /** @default 0 */
            occurred_at?: number;
            seq: number;
            /** @default null */
            tapped_at?: number | null;
        };
        /**
         * FileFacts
         * @description A stored file: `hash` is the SHA-256 of the content in hex, `size` in bytes, `kind` the detected media type.
         */
        FileFacts: {
            hash: string;
            kind: string;
            name: string;
            /** @default null */
            pages?: number | null;
            size: number;
        };
        /**
         * FileQuery
         * @description Without `version`, the last one.
         */
        FileQuery: {
            /** @default null */
            version?: number | null;
        };
        /**
         * FirstContacts
         * @description Point, name and masked number of the first contact of every open point that has one.
         */
        FirstContacts: {
            contacts: [
                number,
                string,
                string
            ][];
        };
        /**
         * FollowTv
         * @description The room follows on television or radio (`on`), or on the line again.
         */
        FollowTv: {
            /** @default true */
            on?: boolean;
            point: number;
            /** @enum {unknown} */
            type: "follow_tv";
        };
        /**
         * FrameMessage
         * @description What changed since the frame before, full values. A part that is absent did not change.
         *
         *         `units`, `documents` and `notices` come whole when they come; `removed` names points that left this audience.
         *         `degraded`: servers do not hear of each other at once; what is shown is true, but may be a second late.
         *         `held`: nothing can be written now; what rooms do waits in their phones, and what is shown stands still.
         */
        FrameMessage: {
            conference?: components["schemas"]["ConferenceView"];
            degraded?: boolean;
            documents?: components["schemas"]["DocumentView"][];
            held?: boolean;
            infos?: components["schemas"]["PointInfo"][];
            notices?: components["schemas"]["NoticeView"][];
            now: number;
            removed?: number[];
            rows?: components["schemas"]["PointRow"][];
            seq: number;
            /** @enum {unknown} */
            t: "frame";
            tallies?: components["schemas"]["Tally"][];
            units?: components["schemas"]["UnitView"][];
        };
        /** Headcount */
        Headcount: {
            absent_excused: number | null;
            absent_unexcused: number | null;
            in_room: number;
            occurred_at: number;
            received_at: number;
        };
        /** HeadcountReported */
        HeadcountReported: {
            /** @default null */
            absent_excused?: number | null;
            /** @default null */
            absent_unexcused?: number | null;
            in_room: number;
            point: number;
            /** @enum {unknown} */
            type: "headcount_reported";
        };
        /**
         * HeldMessage
         * @description To operators, when it changes, and in answer to what they do meanwhile: whether nothing can be written now. What
         *         they do waits and is answered when it is durable.
         */
        HeldMessage: {
            held: boolean;
            /** @enum {unknown} */
            t: "held";
        };
        /**
         * HelloMessage
         * @description The first message. `token`: a device's, a kiosk's or an API token; without one the session cookie counts.
         *
         *         `unit` narrows an organizer's view to a subtree of what the organizer may see. `conference` may be
         *         empty with a token that is bound to one.
         */
        HelloMessage: {
            conference: string;
            /** @default vi */
            lang?: string;
            /** @default null */
            resume?: components["schemas"]["Resume"] | null;
            /** @enum {unknown} */
            t: "hello";
            /** @default null */
            token?: string | null;
            /** @default null */
            unit?: string | null;
            v: number;
        };
        /** HelpAsked */
        HelpAsked: {
            /** @enum {unknown} */
            category: "documents" | "line" | "no_picture" | "no_sound" | "other";
            /** @default  */
            note?: string;
            point: number;
            /** @enum {unknown} */
            type: "help_asked";
        };
        /** HelpResolved */
        HelpResolved: {
            /** @default  */
            note?: string;
            point: number;
            /** @enum {unknown} */
            type: "help_resolved";
        };
        /** HelpTaken */
        HelpTaken: {
            owner: string;
            point: number;
            /** @enum {unknown} */
            type: "help_taken";
        };
        /** HelpView */
        HelpView: {
            /** @enum {unknown} */
            category: "documents" | "line" | "no_picture" | "no_sound" | "other";
            /** @default  */
            note?: string;
            /** @default null */
            owner?: string | null;
            since: number;
        };
        /**
         * ImportQuery
         * @description `dry_run`: only tell what would happen.
         */
        ImportQuery: {
            /** @default true */
            dry_run?: boolean;
        };
        /**
         * ImportReport
         * @description All or nothing: with `refused` above 0 nothing was written. `dry_run`: nothing was to be written.
         *
         *         `ignored`: headings of the file that are no known column, as they stand in it.
         */
        ImportReport: {
            added: number;
            changed: number;
            dry_run: boolean;
            ignored: string[];
            refused: number;
            rows: components["schemas"]["ReportRow"][];
            unchanged: number;
        };
        /**
         * JournalEntry
         * @description `title` names the point, `who` the actor as people know him. Who is bound to a unit reads of an event what
         *         concerns that subtree; `points` numbers the rooms that `points_added` then tells of, in its order.
         */
        JournalEntry: {
            event: components["schemas"]["Event"];
            points?: number[];
            title?: string;
            who: string;
        };
        /**
         * JournalPage
         * @description `next_before` asks for the page after this one; null when there is none.
         */
        JournalPage: {
            entries: components["schemas"]["JournalEntry"][];
            next_before: number | null;
        };
        /**
         * JournalQuery
         * @description `before`: only events with a smaller number; newest first. `type`: names, separated by commas.
         */
        JournalQuery: {
            /** @default null */
            before?: number | null;
            /** @default 100 */
            limit?: number;
            /** @default null */
            point?: number | null;
            /** @default  */
            type?: string;
        };
        /**
         * KioskList
         * @description The newest first.
         */
        KioskList: {
            kiosks: components["schemas"]["KioskView"][];
        };
        /**
         * KioskPassRequest
         * @description `failed`: the bridge that did not answer, so that another is named if there is one.
         */
        KioskPassRequest: {
            /** @default  */
            failed?: string;
        };
        /**
         * KioskRequest
         * @description `unit` narrows the wall to a subtree of what the organizer may see; left out it shows all of that.
         *         `expires_at` null: until it is revoked. `programme`: it plays what all rooms see, for whoever has the link.
         */
        KioskRequest: {
            /** @default null */
            expires_at?: number | null;
            name: string;
            /** @default false */
            programme?: boolean;
            /** @default null */
            unit?: string | null;
        };
        /**
         * KioskSeat
         * @description What a kiosk's token shows; `programme`: what all rooms see as well.
         */
        KioskSeat: {
            conference: string;
            name: string;
            programme: boolean;
            unit: string | null;
        };
        /**
         * KioskView
         * @description `url` is there in the answer to its making alone: it is shown this once.
         */
        KioskView: {
            created_at: number;
            expires_at: number | null;
            id: string;
            name: string;
            programme: boolean;
            unit: string | null;
            url?: string;
        };
        /** Leave */
        Leave: {
            point: number;
            /** @enum {unknown} */
            type: "leave";
        };
        /** LineLost */
        LineLost: {
            point: number;
            since: number;
            /** @enum {unknown} */
            type: "line_lost";
        };
        /**
         * LineUp
         * @description The first device of the room connected, or the line came back.
         */
        LineUp: {
            point: number;
            /** @enum {unknown} */
            type: "line_up";
        };
        /** LinksRenewed */
        LinksRenewed: {
            /** @default null */
            points?: number[] | null;
            /** @enum {unknown} */
            type: "links_renewed";
        };
        /** LinksRevoked */
        LinksRevoked: {
            /** @default null */
            points?: number[] | null;
            /** @enum {unknown} */
            type: "links_revoked";
        };
        /**
         * LinkView
         * @description The operators' secret address. Whoever has it acts for the room.
         */
        LinkView: {
            generation: number;
            revoked: boolean;
            url: string;
        };
        /**
         * LogEntry
         * @description `actor` and `subject` are `account:7`, `token:3`, `kiosk:…`, `session:…`; names are those of that moment.
         */
        LogEntry: {
            /** @enum {unknown} */
            action: "account_changed" | "account_created" | "account_deleted" | "account_disabled" | "account_enabled" | "kiosk_created" | "kiosk_revoked" | "other_sessions_ended" | "password_changed" | "password_reset" | "session_ended" | "setup" | "signed_in" | "signed_out" | "token_created" | "token_revoked";
            actor: string;
            actor_name: string;
            at: number;
            id: number;
            subject: string;
            subject_name: string;
        };
        /**
         * LogPage
         * @description Newest first. `next_before` asks for the page after this one; null when there is none.
         */
        LogPage: {
            entries: components["schemas"]["LogEntry"][];
            next_before: number | null;
        };
        /**
         * LogQuery
         * @description `before`: only lines with a smaller id.
         */
        LogQuery: {
            /** @default null */
            before?: number | null;
            /** @default 100 */
            limit?: number;
        };
        /**
         * Me
         * @description Who is asking, as far as the key goes: a token's role and unit may be less than its owner's.
         */
        Me: {
            id: number;
            login: string;
            name: string;
            /** @enum {unknown} */
            role: "administrator" | "organizer" | "viewer";
            unit: string | null;
        };
        /**
         * MediaFigures
         * @description How a room's player fares. `loss`: share of packets since the last figures. `freezes`, `decoded` frames: so far;
         *         `frames`: shown in the last second. `level` of the sound: 0 silence, 127 the loudest. `pictures`: the room lets a
         *         small picture of itself be shown. `voice`: asked to speak, it sends its sound alone.
         */
        MediaFigures: {
            /** @default 0 */
            decoded?: number;
            /** @default 0 */
            frames?: number;
            /** @default 0 */
            freezes?: number;
            /** @default 0 */
            level?: number;
            /** @default 0 */
            loss?: number;
            /** @default false */
            pictures?: boolean;
            /** @default false */
            playing?: boolean;
            /** @default false */
            voice?: boolean;
        };
        /**
         * MediaKeysRenewed
         * @description The keys to publish are of the next generation.
         */
        MediaKeysRenewed: {
            /** @enum {unknown} */
            type: "media_keys_renewed";
        };
        /**
         * MediaPass
         * @description Where to publish or watch a stream: `url` is the WHIP or WHEP address, `token` the bearer's; it opens a session
         *         until `until` (ms). `bridge`: to be named as `failed` when it does not answer; empty: another server's address.
         */
        MediaPass: {
            bridge: string;
            token: string;
            until: number;
            url: string;
        };
        /**
         * MediaState
         * @description The media of one conference: its home bridge (null: none lives), what comes in there, and what the programme
         *         shows (null: the slate, or nothing yet; `point`: a room that the reader may not see). `viewers` at all bridges
         *         together, of whatever conference.
         */
        MediaState: {
            bridge: string | null;
            publishers: components["schemas"]["Publishing"][];
            showing: string | null;
            viewers: number;
        };
        /**
         * MediaView
         * @description A room's part in the media. `air` is on the record, the rest presence: `playing` devices that play the programme,
         *         `loss` of the best of them in per cent, `freezes` so far, `level` of its sound from 0 (silence) to 8, `picture` the
         *         version of the small picture it shows (0: none), `frames` a second that are shown, `voice` whether what it sends to
         *         speak is its sound alone.
         */
        MediaView: [
            "asked" | "none" | "on" | "ready",
            number,
            number,
            number,
            number,
            number,
            number,
            boolean
        ];
        /**
         * MergePoints
         * @description The rooms `points` become part of the room `into`; their seats and expected people are added to it.
         */
        MergePoints: {
            into: number;
            points: number[];
            /** @enum {unknown} */
            type: "merge_points";
        };
        /**
         * NewCode
         * @description `point` null: the conference's own code.
         */
        NewCode: {
            /** @default null */
            point?: number | null;
        };
        /** NewConference */
        NewConference: {
            /** @default  */
            help_phone?: string;
            /** @default  */
            place?: string;
            starts_at: number;
            title: string;
        };
        /**
         * NewContact
         * @description `phone` as people write it; one number.
         */
        NewContact: {
            name: string;
            /** @default  */
            phone?: string;
            /** @default  */
            role?: string;
        };
        /** NewPoint */
        NewPoint: {
            /** @default  */
            address?: string;
            code: string;
            /** @default 0 */
            expected?: number;
            /** @default null */
            lat?: number | null;
            /** @default null */
            lon?: number | null;
            /** @default  */
            name?: string;
            /** @default 0 */
            seats?: number;
            unit: string;
        };
        /** NoticePosted */
        NoticePosted: {
            notice: number;
            /** @default {} */
            scope?: components["schemas"]["Scope"];
            text: string;
            /**
             * @default all
             * @enum {unknown}
             */
            to?: "all" | "attendees" | "operators";
            /** @enum {unknown} */
            type: "notice_posted";
        };
        /**
         * NoticeView
         * @description A notice that stands. It is never changed: who wants other words takes it back and posts another.
         */
        NoticeView: {
            at: number;
            id: number;
            /** @default {} */
            scope?: components["schemas"]["Scope"];
            text: string;
            /**
             * @default all
             * @enum {unknown}
             */
            to?: "all" | "attendees" | "operators";
        };
        /** NoticeWithdrawn */
        NoticeWithdrawn: {
            notice: number;
            /** @enum {unknown} */
            type: "notice_withdrawn";
        };
        /**
         * OnAirSet
         * @description The programme shows this room; None: the hall.
         */
        OnAirSet: {
            /** @default null */
            point?: number | null;
            /** @enum {unknown} */
            type: "on_air_set";
        };
        /**
         * OrderDocuments
         * @description Every document of the conference, in the order people shall see.
         */
        OrderDocuments: {
            documents: number[];
            /** @enum {unknown} */
            type: "order_documents";
        };
        /**
         * PassRequest
         * @description `stream`: `programme`, `main`, `spare`; of a room `point/17`, `talk/17` (the organizers to it), `check/17` (its
         *         own trial). `failed`: the bridge that did not answer, so that another is named if there is one.
         */
        PassRequest: {
            /** @enum {unknown} */
            act: "publish" | "watch";
            /** @default  */
            failed?: string;
            stream: string;
        };
        /**
         * PasswordChange
         * @description `current`: the password until now. `password`: 12 to 200 characters, not obvious, without the login.
         */
        PasswordChange: {
            current: string;
            password: string;
        };
        /** PhaseSet */
        PhaseSet: {
            /** @enum {unknown} */
            phase: "closed" | "draft" | "live" | "rehearsal";
            /** @enum {unknown} */
            type: "phase_set";
        };
        /**
         * PictureQuery
         * @description `v`: the version that the room's row names, so that each has an address of its own.
         */
        PictureQuery: {
            /** @default 0 */
            v?: number;
        };
        /**
         * PointCount
         * @description `point` 0 is the conference's own code.
         */
        PointCount: {
            opens: number;
            point: number;
            scans: number;
        };
        /**
         * PointDetail
         * @description `contacts` masked, and no devices, link and codes, for who only watches; for a kiosk no contacts and none of
         *         the words that people wrote. `history`: the newest first.
         *
         *         `link` and `code_url` are null where there is none or the reader may not have it.
         */
        PointDetail: {
            code_url: string | null;
            contacts: components["schemas"]["ContactView"][];
            devices: components["schemas"]["DeviceView"][];
            history: components["schemas"]["Event"][];
            info: components["schemas"]["PointInfo"];
            lat: number | null;
            link: components["schemas"]["LinkView"] | null;
            lon: number | null;
            row: components["schemas"]["PointRow"];
            view: components["schemas"]["PointView"];
        };
        /** PointEdit */
        PointEdit: {
            address?: string;
            expected?: number;
            lat?: number | null;
            lon?: number | null;
            name?: string;
            point: number;
            seats?: number;
        };
        /**
         * PointInfo
         * @description What seldom changes of a point. `title` is the room's full name, `short` what fits a tile.
         */
        PointInfo: {
            /** @default  */
            address?: string;
            /** @default 0 */
            expected?: number;
            id: number;
            /** @default  */
            room?: string;
            /** @default 0 */
            seats?: number;
            short: string;
            title: string;
            unit: string;
        };
        /** PointItem */
        PointItem: {
            /** @default false */
            closed?: boolean;
            info: components["schemas"]["PointInfo"];
            row: components["schemas"]["PointRow"];
        };
        /** PointLeft */
        PointLeft: {
            point: number;
            /** @enum {unknown} */
            type: "point_left";
        };
        /**
         * PointLink
         * @description The secret address of a point's operators. Whoever has it acts for the room.
         */
        PointLink: {
            point: number;
            revoked: boolean;
            title: string;
            url: string;
        };
        /**
         * PointList
         * @description By number. `total`: what the filters let through on all pages. `tallies`: the sum over the asked subtree,
         *         whatever else is filtered; closed points never count.
         */
        PointList: {
            points: components["schemas"]["PointItem"][];
            tallies: components["schemas"]["Tally"][];
            total: number;
        };
        /**
         * PointMessage
         * @description The whole truth about the operator's own point.
         */
        PointMessage: {
            conference: components["schemas"]["ConferenceView"];
            documents: components["schemas"]["DocumentView"][];
            /** @default [] */
            notices?: components["schemas"]["NoticeView"][];
            now: number;
            point: components["schemas"]["PointView"];
            seq: number;
            /** @enum {unknown} */
            t: "point";
        };
        /**
         * PointQuery
         * @description `unit`: its subtree. `status`: names separated by commas, or `closed` alone. `q`: words of the title, room,
         *         address, unit or its group, without accents. `after`: the last point of the page before; a page of `limit` may
         *         hold the largest conference, some 10 MB.
         */
        PointQuery: {
            /** @default 0 */
            after?: number;
            /** @default 200 */
            limit?: number;
            /** @default  */
            q?: string;
            /** @default  */
            status?: string;
            /** @default null */
            unit?: string | null;
        };
        /**
         * PointRow
         * @description What often changes of a point. `since` is when the status began; `quality` and `devices` are presence. `media` is
         *         null for a room that has no part in them.
         */
        PointRow: [
            number,
            "help" | "in" | "left" | "lost" | "none" | "ok" | "ready" | "tv" | "weak",
            number,
            number | null,
            number | null,
            number | null,
            number | null,
            number,
            number,
            number,
            "good" | "unknown" | "weak",
            ("documents" | "line" | "no_picture" | "no_sound" | "other") | null,
            string | null,
            "added" | "edited" | "headcount" | "help" | "help_resolved" | "help_taken" | "in" | "left" | "lost" | "not_ready" | "ready" | "returned" | "tv" | "tv_off",
            number,
            number,
            components["schemas"]["MediaView"] | null
        ];
        /**
         * PointsAdded
         * @description `first` is the id of the first point; the others follow in order.
         */
        PointsAdded: {
            first: number;
            points: components["schemas"]["NewPoint"][];
            /** @enum {unknown} */
            type: "points_added";
        };
        /** PointsClosed */
        PointsClosed: {
            points: number[];
            /** @default  */
            reason?: string;
            /** @enum {unknown} */
            type: "points_closed";
        };
        /** PointsEdited */
        PointsEdited: {
            edits: components["schemas"]["PointEdit"][];
            /** @enum {unknown} */
            type: "points_edited";
        };
        /** PointsMerged */
        PointsMerged: {
            into: number;
            points: number[];
            /** @enum {unknown} */
            type: "points_merged";
        };
        /** PointsReopened */
        PointsReopened: {
            points: number[];
            /** @enum {unknown} */
            type: "points_reopened";
        };
        /**
         * PointView
         * @description One point whole, as its operators see it.
         */
        PointView: {
            address: string;
            /**
             * @default none
             * @enum {unknown}
             */
            air?: "asked" | "none" | "on" | "ready";
            closed: boolean;
            /** @default null */
            code?: string | null;
            expected: number;
            group: string;
            /** @default null */
            headcount?: components["schemas"]["Headcount"] | null;
            /** @default null */
            help?: components["schemas"]["HelpView"] | null;
            id: number;
            /** @enum {unknown} */
            line: "lost" | "none" | "up";
            room: string;
            seats: number;
            /** @enum {unknown} */
            stage: "in" | "left" | "none" | "ready";
            stage_at: number;
            /** @enum {unknown} */
            status: "help" | "in" | "left" | "lost" | "none" | "ok" | "ready" | "tv" | "weak";
            title: string;
            tv: boolean;
        };
        /**
         * PosterQuery
         * @description The whole conference's poster knows no points: who names some is told so, and not given another paper.
         */
        PosterQuery: {
            /** @default null */
            lang?: ("en" | "vi") | null;
        };
        /**
         * PostNotice
         * @description A few sentences for the phones of the rooms in `scope` (`attendees`), for their operators, or for both.
         */
        PostNotice: {
            /** @default {} */
            scope?: components["schemas"]["Scope"];
            text: string;
            /**
             * @default all
             * @enum {unknown}
             */
            to?: "all" | "attendees" | "operators";
            /** @enum {unknown} */
            type: "post_notice";
        };
        /**
         * PrintQuery
         * @description `points`: numbers separated by commas. `unit`: its subtree. Neither: every point. `lang`: else the reader's.
         */
        PrintQuery: {
            /** @default null */
            lang?: ("en" | "vi") | null;
            /** @default  */
            points?: string;
            /** @default null */
            unit?: string | null;
        };
        /**
         * Publishing
         * @description A stream that comes in. `bit_rate` in bits a second, `loss` a share, `qualities`: layers of its picture.
         */
        Publishing: {
            /** @default 0 */
            bit_rate?: number;
            conference: string;
            /** @default 0 */
            loss?: number;
            /** @default 1 */
            qualities?: number;
            stream: string;
        };
        /**
         * PulseMessage
         * @description The answer to a beat: the server's clock.
         */
        PulseMessage: {
            now: number;
            /** @enum {unknown} */
            t: "pulse";
        };
        /**
         * PutOnAir
         * @description The programme shows this room; None: the hall again.
         */
        PutOnAir: {
            point: number | null;
            /** @enum {unknown} */
            type: "put_on_air";
        };
        /** ReadySet */
        ReadySet: {
            point: number;
            /** @default true */
            ready?: boolean;
            /** @enum {unknown} */
            type: "ready_set";
        };
        /**
         * RefusedMessage
         * @description `id` is missing where the message could not be read far enough to know it.
         */
        RefusedMessage: {
            error: components["schemas"]["Error"];
            /** @default null */
            id?: string | null;
            /** @enum {unknown} */
            t: "refused";
        };
        /** RemoveDevice */
        RemoveDevice: {
            device: number;
            point: number;
            /** @enum {unknown} */
            type: "remove_device";
        };
        /**
         * RenewLinks
         * @description New secret links; the old ones and every device that came by them stop. None means every point.
         */
        RenewLinks: {
            /** @default null */
            points?: number[] | null;
            /** @enum {unknown} */
            type: "renew_links";
        };
        /**
         * RenewMediaKeys
         * @description Whoever was given a key to publish before may publish no more.
         */
        RenewMediaKeys: {
            /** @enum {unknown} */
            type: "renew_media_keys";
        };
        /** ReopenPoints */
        ReopenPoints: {
            points: number[];
            /** @enum {unknown} */
            type: "reopen_points";
        };
        /**
         * ReportHeadcount
         * @description People in the room now; absences only where the room was asked for them.
         */
        ReportHeadcount: {
            /** @default null */
            absent_excused?: number | null;
            /** @default null */
            absent_unexcused?: number | null;
            in_room: number;
            point: number;
            /** @enum {unknown} */
            type: "report_headcount";
        };
        /**
         * ReportRow
         * @description `row` as a spreadsheet counts it. `changes`: field, value before, value after.
         *
         *         `error` says why the row is refused, all reasons in one message; `warnings` do not stop an import.
         */
        ReportRow: {
            changes?: [
                string,
                string,
                string
            ][];
            code: string;
            error?: components["schemas"]["Error"];
            name: string;
            row: number;
            /** @enum {unknown} */
            verdict: "added" | "changed" | "refused" | "unchanged";
            warnings?: components["schemas"]["Error"][];
        };
        /** ResolveHelp */
        ResolveHelp: {
            /** @default  */
            note?: string;
            point: number;
            /** @enum {unknown} */
            type: "resolve_help";
        };
        /** RestoreDocument */
        RestoreDocument: {
            document: number;
            /** @enum {unknown} */
            type: "restore_document";
        };
        /**
         * Resume
         * @description What the client has: the `seq` and `now` of its last picture or frame. `at` 0: not known.
         */
        Resume: {
            /** @default 0 */
            at?: number;
            epoch: string;
            seq: number;
        };
        /**
         * Retry
         * @description How long to wait before coming back: at least `base` ms, plus a random share of `spread` ms.
         */
        Retry: {
            base: number;
            spread: number;
        };
        /** RevokeCode */
        RevokeCode: {
            /** @default null */
            point?: number | null;
            /** @enum {unknown} */
            type: "revoke_code";
        };
        /** RevokeLinks */
        RevokeLinks: {
            /** @default null */
            points?: number[] | null;
            /** @enum {unknown} */
            type: "revoke_links";
        };
        /**
         * ScanRow
         * @description How often; `point` 0 is the conference's own code, `document` 0 the landing page.
         */
        ScanRow: [
            number,
            number,
            "open" | "scan",
            number
        ];
        /** ScansCounted */
        ScansCounted: {
            minute: number;
            rows: components["schemas"]["ScanRow"][];
            /** @enum {unknown} */
            type: "scans_counted";
        };
        /**
         * Scope
         * @description Which rooms something is meant for: everybody (both empty), a unit's subtree, or one point.
         */
        Scope: {
            /** @default null */
            point?: number | null;
            /** @default null */
            unit?: string | null;
        };
        /**
         * Ready
         * @description `ready` is false while the server starts, stops, or cannot reach its database; `reasons` says why. `degraded`
         *         names what works less well: everything is true, but news from other servers may come a second late (`bus`), or a
         *         conference is closed because events of its journal are missing (`journal_gap`).
         */
        "server.http.health.Ready": {
            /** @default [] */
            degraded?: string[];
            ready: boolean;
            reasons: string[];
        };
        /** Ready */
        "server.protocol.commands.Ready": {
            point: number;
            /** @default true */
            ready?: boolean;
            /** @enum {unknown} */
            type: "ready";
        };
        /**
         * SessionAnswer
         * @description `account` is null for who is not signed in. `setup_needed`: there is no account yet at all.
         *         `kiosk` stands for who came with a kiosk's token.
         */
        SessionAnswer: {
            account: components["schemas"]["Me"] | null;
            kiosk?: components["schemas"]["KioskSeat"];
            setup_needed: boolean;
        };
        /**
         * SessionList
         * @description The last seen first.
         */
        SessionList: {
            sessions: components["schemas"]["SessionView"][];
        };
        /**
         * SessionView
         * @description `current`: the one that asks.
         */
        SessionView: {
            address: string;
            created_at: number;
            current: boolean;
            expires_at: number;
            id: string;
            last_seen_at: number;
            user_agent: string;
        };
        /**
         * SetCodeExpiry
         * @description When all document codes of the conference end; None: with the documents.
         */
        SetCodeExpiry: {
            /** @default null */
            expires_at?: number | null;
            /** @enum {unknown} */
            type: "set_code_expiry";
        };
        /** SetPhase */
        SetPhase: {
            /** @enum {unknown} */
            phase: "closed" | "draft" | "live" | "rehearsal";
            /** @enum {unknown} */
            type: "set_phase";
        };
        /**
         * SetupRequest
         * @description `token`: the last part of the link that the server printed.
         */
        SetupRequest: {
            login: string;
            name: string;
            password: string;
            token: string;
        };
        /** SignIn */
        SignIn: {
            login: string;
            password: string;
        };
        /** SnapshotMessage */
        SnapshotMessage: {
            conference: components["schemas"]["ConferenceView"];
            /** @default false */
            degraded?: boolean;
            documents: components["schemas"]["DocumentView"][];
            epoch: string;
            /** @default false */
            held?: boolean;
            infos: components["schemas"]["PointInfo"][];
            /** @default [] */
            notices?: components["schemas"]["NoticeView"][];
            now: number;
            rows: components["schemas"]["PointRow"][];
            seq: number;
            /** @enum {unknown} */
            t: "snapshot";
            tallies: components["schemas"]["Tally"][];
            units: components["schemas"]["UnitView"][];
        };
        /**
         * StatusMessage
         * @description Presence as well, as often as every second or so; it is not answered. A line that only sends these is alive.
         *         Without `media` what was said of them last stays.
         */
        StatusMessage: {
            /** @default null */
            media?: components["schemas"]["MediaFigures"] | null;
            rtt: number;
            /** @enum {unknown} */
            t: "status";
        };
        /**
         * Summary
         * @description A line of the list of conferences.
         */
        Summary: {
            id: string;
            /** @enum {unknown} */
            phase: "closed" | "draft" | "live" | "rehearsal";
            points: number;
            starts_at: number;
            title: string;
        };
        /**
         * TakeHelp
         * @description An organizer takes the call for help and answers for it.
         */
        TakeHelp: {
            point: number;
            /** @enum {unknown} */
            type: "take_help";
        };
        /**
         * Tally
         * @description Sums over a unit's subtree; `unit` "" is the whole of what this audience may see.
         *
         *         `statuses` counts points in the order of `terms.STATUSES`; `attended` counts points that ever
         *         checked in; `reported` counts points that gave a headcount; `playing` rooms that have picture
         *         or sound of the programme.
         */
        Tally: [
            string,
            number,
            number,
            number,
            number,
            number,
            number,
            number,
            number,
            number,
            number,
            number,
            number[],
            number
        ];
        /** Token */
        Token: {
            created_at: number;
            expires_at: number | null;
            id: number;
            last_used_at: number | null;
            name: string;
            /** @enum {unknown} */
            role: "administrator" | "organizer" | "viewer";
            unit: string | null;
        };
        /**
         * TokenList
         * @description The newest first.
         */
        TokenList: {
            tokens: components["schemas"]["Token"][];
        };
        /**
         * TokenMade
         * @description `token` goes into `Authorization: Bearer …` or a socket's hello. It is shown this once.
         */
        TokenMade: {
            created_at: number;
            expires_at: number | null;
            id: number;
            name: string;
            /** @enum {unknown} */
            role: "administrator" | "organizer" | "viewer";
            token: string;
            unit: string | null;
        };
        /**
         * TokenRequest
         * @description `role` and `unit` may be less than one's own; left out they are one's own. `expires_at` null: never.
         */
        TokenRequest: {
            /** @default null */
            expires_at?: number | null;
            name: string;
            /** @default null */
            role?: ("administrator" | "organizer" | "viewer") | null;
            /** @default null */
            unit?: string | null;
        };
        /** TvFollowed */
        TvFollowed: {
            /** @default true */
            on?: boolean;
            point: number;
            /** @enum {unknown} */
            type: "tv_followed";
        };
        /**
         * UnitEdit
         * @description What is left out stays. `parent` null: a topmost unit. Days as ISO 8601, null: without end on that side.
         */
        UnitEdit: {
            aliases?: string[];
            kind?: string;
            name?: string;
            parent?: string | null;
            valid_from?: string | null;
            valid_to?: string | null;
        };
        /**
         * UnitItem
         * @description `children`: how many units stand right below. `path`: the names above, from the top.
         */
        UnitItem: {
            aliases: string[];
            children: number;
            code: string;
            kind: string;
            name: string;
            parent: string | null;
            path: string[];
            short: string;
            valid_from: string | null;
            valid_to: string | null;
        };
        /**
         * UnitList
         * @description `total`: the children in all, or the hits in this answer.
         */
        UnitList: {
            total: number;
            units: components["schemas"]["UnitItem"][];
        };
        /**
         * UnitNode
         * @description A unit as this conference saw it: later changes of the tree do not bend the record.
         */
        UnitNode: {
            code: string;
            /** @default  */
            kind?: string;
            name: string;
            /** @default 0 */
            order?: number;
            /** @default null */
            parent?: string | null;
        };
        /**
         * UnitQuery
         * @description Without `q`, the children of `parent` (its absence or `root`: the topmost units), from `offset` on.
         *
         *         `q` searches by code, alias and name, without accents. `at`: the tree as of a day, ISO 8601.
         */
        UnitQuery: {
            /** @default  */
            at?: string;
            /** @default 100 */
            limit?: number;
            /** @default 0 */
            offset?: number;
            /** @default root */
            parent?: string;
            /** @default  */
            q?: string;
        };
        /**
         * UnitSelection
         * @description `subtree`: with everything below, of which `kinds` and `level` (0: the chosen units themselves) keep a part.
         *
         *         `expected` is what each new point expects; points that exist stay as they are.
         */
        UnitSelection: {
            /** @default true */
            dry_run?: boolean;
            /** @default 0 */
            expected?: number;
            /** @default [] */
            kinds?: string[];
            /** @default null */
            level?: number | null;
            /** @default false */
            subtree?: boolean;
            units: string[];
        };
        /** UnitsPlaced */
        UnitsPlaced: {
            /** @enum {unknown} */
            type: "units_placed";
            units: components["schemas"]["UnitNode"][];
        };
        /**
         * UnitView
         * @description `short` is the name without its kind. Units come parents first, in the official order.
         */
        UnitView: {
            code: string;
            /** @default  */
            kind?: string;
            name: string;
            /** @default null */
            parent?: string | null;
            short: string;
        };
        /**
         * UploadQuery
         * @description Without `title`, the file's name is the title. `release_at`: before, nobody gets it.
         *
         *         `unit`: only this unit and what is below it; `point`: only this point.
         */
        UploadQuery: {
            /** @default null */
            point?: number | null;
            /** @default null */
            release_at?: number | null;
            /** @default  */
            title?: string;
            /** @default null */
            unit?: string | null;
        };
        /** VersionAdded */
        VersionAdded: {
            document: number;
            file: components["schemas"]["FileFacts"];
            /** @enum {unknown} */
            type: "version_added";
            version: number;
        };
        /**
         * VersionView
         * @description `kind` is the media type, `size` in bytes; `by` names who brought it, `at` when.
         */
        VersionView: {
            at: number;
            by: string;
            hash: string;
            kind: string;
            name: string;
            /** @default null */
            pages?: number | null;
            size: number;
            version: number;
        };
        /**
         * WelcomeMessage
         * @description `now` is the server's clock, `beat` the interval of beats in ms, `interval` that of frames. `media`: this
         *         installation has them; without it nothing of them is shown.
         */
        WelcomeMessage: {
            audience: string;
            beat: number;
            conference: string;
            epoch: string;
            interval: number;
            /** @default false */
            media?: boolean;
            now: number;
            resumed: boolean;
            retry: components["schemas"]["Retry"];
            seq: number;
            /** @enum {unknown} */
            t: "welcome";
            v: number;
        };
        /** WithdrawDocument */
        WithdrawDocument: {
            document: number;
            /** @enum {unknown} */
            type: "withdraw_document";
        };
        /** WithdrawNotice */
        WithdrawNotice: {
            notice: number;
            /** @enum {unknown} */
            type: "withdraw_notice";
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    get_root: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_api_accounts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountList"];
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    post_api_accounts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountRequest"];
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description An error in the one shape: login_bad, login_taken, password_short, password_long, password_is_login, password_obvious, unit_unknown, administrator_whole, too_many_accounts */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    delete_api_accounts_account: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error in the one shape: account_unknown, last_administrator */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    patch_api_accounts_account: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountEdit"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description An error in the one shape: account_unknown, password_short, password_long, password_is_login, password_obvious, password_own, unit_unknown, administrator_whole, last_administrator */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_api_accounts_log: {
        parameters: {
            query?: {
                before?: number | null;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogPage"];
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_api_bridges: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BridgeView"][];
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    post_api_bridges_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BridgeReport"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BridgeOrders"];
                };
            };
            /** @description An error in the one shape: bad_pass, media_off */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    post_api_bridges_name_drain: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Drain"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error in the one shape: bridge_unknown, media_off */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_api_conferences: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Summary"][];
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    post_api_conferences: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewConference"];
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConferenceView"];
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_api_conferences_conference: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConferenceDetail"];
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    post_api_conferences_conference_codes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCode"];
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Code"];
                };
            };
            /** @description An error in the one shape: point_unknown */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_api_conferences_conference_codes_which_format: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conference: string;
                format: string;
                which: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/svg+xml": string;
                };
            };
            /** @description An error in the one shape: point_unknown, code_none */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    post_api_conferences_conference_commands: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CommandRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandDone"];
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_api_conferences_conference_contacts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FirstContacts"];
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_api_conferences_conference_documents: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DocumentList"];
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    post_api_conferences_conference_documents: {
        parameters: {
            query?: {
                point?: number | null;
                release_at?: number | null;
                title?: string;
                unit?: string | null;
            };
            header: {
                /** @description The file's name, percent-encoded UTF-8 */
                "X-File-Name": string;
            };
            path: {
                conference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DocumentDetail"];
                };
            };
            /** @description An error in the one shape: type_unknown, type_not_allowed, type_mismatch, too_large, empty_file, slow_request, too_many_documents, unit_unknown, point_unknown, scope_twice */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_api_conferences_conference_documents_document_file: {
        parameters: {
            query?: {
                version?: number | null;
            };
            header?: never;
            path: {
                conference: string;
                document: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description An error in the one shape: document_unknown, version_missing, file_missing */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    post_api_conferences_conference_documents_document_versions: {
        parameters: {
            query?: never;
            header: {
                /** @description The file's name, percent-encoded UTF-8 */
                "X-File-Name": string;
            };
            path: {
                conference: string;
                document: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DocumentDetail"];
                };
            };
            /** @description An error in the one shape: type_unknown, type_not_allowed, type_mismatch, too_large, empty_file, slow_request, document_unknown, too_many_versions */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_api_conferences_conference_documents_counts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Counts"];
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_api_conferences_conference_journal: {
        parameters: {
            query?: {
                before?: number | null;
                limit?: number;
                point?: number | null;
                type?: string;
            };
            header?: never;
            path: {
                conference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JournalPage"];
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_api_conferences_conference_kiosks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KioskList"];
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    post_api_conferences_conference_kiosks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KioskRequest"];
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KioskView"];
                };
            };
            /** @description An error in the one shape: unit_unknown, forbidden_scope, expiry_past, too_many_kiosks */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    delete_api_conferences_conference_kiosks_kiosk: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conference: string;
                kiosk: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error in the one shape: kiosk_unknown */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_api_conferences_conference_links: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PointLink"][];
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_api_conferences_conference_media: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MediaState"];
                };
            };
            /** @description An error in the one shape: media_off */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    post_api_conferences_conference_media_passes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PassRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MediaPass"];
                };
            };
            /** @description An error in the one shape: stream_unknown, no_bridge, bridges_full, media_off */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_api_conferences_conference_points: {
        parameters: {
            query?: {
                after?: number;
                limit?: number;
                q?: string;
                status?: string;
                unit?: string | null;
            };
            header?: never;
            path: {
                conference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PointList"];
                };
            };
            /** @description An error in the one shape: status_unknown */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_api_conferences_conference_points_format: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conference: string;
                format: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_api_conferences_conference_points_point: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conference: string;
                point: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PointDetail"];
                };
            };
            /** @description An error in the one shape: point_unknown */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    put_api_conferences_conference_points_point_contacts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conference: string;
                point: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewContact"][];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContactView"][];
                };
            };
            /** @description An error in the one shape: point_unknown, contact_empty, phone_bad, too_many_contacts */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_api_conferences_conference_points_point_link_format: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conference: string;
                format: string;
                point: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/svg+xml": string;
                };
            };
            /** @description An error in the one shape: point_unknown, link_revoked */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_api_conferences_conference_points_point_thumbnail: {
        parameters: {
            query?: {
                v?: number;
            };
            header?: never;
            path: {
                conference: string;
                point: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                };
            };
            /** @description An error in the one shape: picture_none, media_off */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    post_api_conferences_conference_points_import: {
        parameters: {
            query?: {
                dry_run?: boolean;
            };
            header: {
                /** @description The file's name, percent-encoded UTF-8 */
                "X-File-Name": string;
            };
            path: {
                conference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportReport"];
                };
            };
            /** @description An error in the one shape: file_type_unknown, heading_missing, too_many_points, points_changed, import_unfinished */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    post_api_conferences_conference_points_select: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UnitSelection"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportReport"];
                };
            };
            /** @description An error in the one shape: unit_unknown, too_many_points, points_changed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_api_conferences_conference_print_kind_pdf: {
        parameters: {
            query?: {
                lang?: ("en" | "vi") | null;
                points?: string;
                unit?: string | null;
            };
            header?: never;
            path: {
                conference: string;
                kind: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
            /** @description An error in the one shape: print_nothing, print_missing, print_refused, busy */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_api_conferences_conference_print_poster_pdf: {
        parameters: {
            query?: {
                lang?: ("en" | "vi") | null;
            };
            header?: never;
            path: {
                conference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
            /** @description An error in the one shape: code_none, busy */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    post_api_enrol: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Enrolment"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Enrolled"];
                };
            };
            /** @description An error in the one shape: link_unknown, link_revoked, too_many_devices */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    post_api_kiosk_media: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KioskPassRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MediaPass"];
                };
            };
            /** @description An error in the one shape: stream_unknown, no_bridge, bridges_full, media_off, programme_closed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_api_my_code_svg: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/svg+xml": string;
                };
            };
            /** @description An error in the one shape: code_none */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_api_my_point: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PointMessage"];
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_api_openapi_json: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    post_api_point_media: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PassRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MediaPass"];
                };
            };
            /** @description An error in the one shape: stream_unknown, no_bridge, bridges_full, media_off, not_asked */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    put_api_point_thumbnail: {
        parameters: {
            query?: never;
            header: {
                /** @description The file's name, percent-encoded UTF-8 */
                "X-File-Name": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error in the one shape: pictures_not_let, picture_bad, pictures_full, media_off */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_api_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionAnswer"];
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    post_api_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionAnswer"];
                };
            };
            /** @description An error in the one shape: login_failed, rate_limited, busy */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    delete_api_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    post_api_session_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error in the one shape: password_wrong, password_short, password_long, password_is_login, password_obvious, session_needed, rate_limited, busy */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_api_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionList"];
                };
            };
            /** @description An error in the one shape: session_needed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    delete_api_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error in the one shape: session_needed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    delete_api_sessions_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error in the one shape: session_needed, session_unknown */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    post_api_setup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetupRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionAnswer"];
                };
            };
            /** @description An error in the one shape: setup_over, login_bad, password_short, password_long, password_is_login, password_obvious, rate_limited, busy */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_api_tokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenList"];
                };
            };
            /** @description An error in the one shape: session_needed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    post_api_tokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TokenRequest"];
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenMade"];
                };
            };
            /** @description An error in the one shape: session_needed, token_role, forbidden_scope, unit_unknown, administrator_whole, expiry_past, too_many_tokens */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    delete_api_tokens_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error in the one shape: session_needed, token_unknown */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_api_units: {
        parameters: {
            query?: {
                at?: string;
                limit?: number;
                offset?: number;
                parent?: string;
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnitList"];
                };
            };
            /** @description An error in the one shape: unit_unknown, date_bad */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_api_units_format: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                format: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    patch_api_units_code: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UnitEdit"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnitItem"];
                };
            };
            /** @description An error in the one shape: unit_unknown, parent_cycle, units_changed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    post_api_units_import: {
        parameters: {
            query?: {
                dry_run?: boolean;
            };
            header: {
                /** @description The file's name, percent-encoded UTF-8 */
                "X-File-Name": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportReport"];
                };
            };
            /** @description An error in the one shape: file_type_unknown, heading_missing, units_changed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_assets_file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_console: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_console_rest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                rest: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_d: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    head_d: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_D: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    head_D: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_d_code: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    head_d_code: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_D_code: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    head_D_code: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_d_code_document: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
                document: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    head_d_code_document: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
                document: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_D_code_document: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
                document: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    head_D_code_document: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
                document: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_D_code_live: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_F_hash_grant_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                grant: string;
                hash: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description An error in the one shape: grant_expired */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    head_F_hash_grant_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                grant: string;
                hash: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description An error in the one shape: grant_expired */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_healthz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_k_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_live_js: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/javascript": string;
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_o_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                link: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_O_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                link: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_O_link_folder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                link: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_O_link_app_webmanifest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                link: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/manifest+json": string;
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_readyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["server.http.health.Ready"];
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_setup_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_wall_conference: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_ws: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error in the one shape */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
}
