// SPDX-License-Identifier: Apache-2.0

import Transport

/// The page of those who answer people: queues, transcripts, replies.
///
/// It holds nothing itself: everything comes over the API with the token its user signs in with, which stays in the
/// page's memory.
enum StaffPage {
    static let response = PageResponse(
        html: StaffPageSource.html
            .replacing("{{style}}", with: StaffPageSource.style)
            .replacing("{{script}}", with: StaffPageSource.script),
        style: StaffPageSource.style, script: StaffPageSource.script
    ).response
}
