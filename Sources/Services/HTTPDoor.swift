// The only way out to the network: one request, one answer, bounded in size and time.
// In: a request. Out: an answer of any status, or why there is none. Redirections are not followed: what is sent has secrets.

public import Commerce
public import Foundation
import FoundationNetworking
import Synchronization

/// What is sent.
public struct HTTPRequest: Sendable {
    /// `GET` or `POST`.
    public var method = "POST"
    /// Where to.
    public var url: URL
    /// Beside those that the system adds.
    public var headers: [(name: String, value: String)] = []
    /// May be empty.
    public var body = Data()

    /// Makes a request.
    public init(method: String = "POST", url: URL, headers: [(name: String, value: String)] = [], body: Data = Data()) {
        (self.method, self.url, self.headers, self.body) = (method, url, headers, body)
    }
}

/// What comes back.
public struct HTTPAnswer: Sendable {
    /// 200 and the like.
    public let status: Int
    /// Whole.
    public let body: Data

    /// Whether the other side may do better a little later.
    var isPassing: Bool { status >= 500 || [408, 409, 425, 429].contains(status) }
}

/// Sends requests. A value: make one wherever it is needed.
public struct HTTPDoor: Sendable {
    /// From the request's first byte to the answer's last.
    let patience: Duration
    /// Bytes of an answer. More is refused and not read.
    let largest: Int
    /// A queue of its own: those that all share stand still while all their threads wait for something.
    private static let clock = DispatchQueue(label: "http-door-patience")

    /// A door with limits of its own.
    public init(patience: Duration = .seconds(10), largest: Int = 1 << 20) {
        self.patience = patience
        self.largest = largest
    }

    /// Sends a request once. Every failure here leaves open whether the other side has acted.
    public func send(_ request: HTTPRequest) async throws(ServiceError) -> HTTPAnswer {
        var prepared = URLRequest(url: request.url)
        prepared.httpMethod = request.method
        if !request.body.isEmpty { prepared.httpBody = request.body }
        for header in request.headers { prepared.setValue(header.value, forHTTPHeaderField: header.name) }
        let result = await exchange(prepared)
        return try result.get()
    }

    private func exchange(_ request: URLRequest) async -> Result<HTTPAnswer, ServiceError> {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = patience / .seconds(1)
        configuration.httpShouldSetCookies = false
        let place = request.url?.host ?? "?"
        return await withCheckedContinuation { continuation in
            let exchange = Exchange(largest: largest, place: place) { continuation.resume(returning: $0) }
            let session = URLSession(configuration: configuration, delegate: exchange, delegateQueue: nil)
            let task = session.dataTask(with: request)
            task.resume()
            session.finishTasksAndInvalidate()
            // A side that sends a byte now and then keeps the system's own timer quiet for ever.
            Self.clock.asyncAfter(deadline: .now() + patience / .seconds(1)) {
                exchange.end(.failure(.unreachable("\(place) did not answer in \(self.patience)")))
                task.cancel()
            }
        }
    }
}

/// One request being answered.
///
/// `@unchecked Sendable`: everything that changes is under the lock; `NSObject` has no state of its own.
private final class Exchange: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    private struct State {
        var body = Data()
        var status = 0
        var answer: ((Result<HTTPAnswer, ServiceError>) -> Void)?
    }

    private let state: Mutex<State>
    private let largest: Int
    private let place: String

    init(largest: Int, place: String, _ answer: @escaping @Sendable (Result<HTTPAnswer, ServiceError>) -> Void) {
        self.largest = largest
        self.place = place
        state = Mutex(State(answer: answer))
    }

    /// Answers, once.
    func end(_ result: Result<HTTPAnswer, ServiceError>) {
        let answer = state.withLock { state in
            defer { state.answer = nil }
            return state.answer
        }
        answer?(result)
    }

    private func refuseSize(_ task: URLSessionTask) {
        end(.failure(.nonsense("\(place) answers with more than \(largest) bytes")))
        task.cancel()
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
    ) {
        state.withLock { $0.status = (response as? HTTPURLResponse)?.statusCode ?? 0 }
        if response.expectedContentLength > Int64(largest) {
            refuseSize(dataTask)
            return completionHandler(.cancel)
        }
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let isTooLarge = state.withLock { state in
            guard state.body.count + data.count <= largest else { return true }
            state.body += data
            return false
        }
        if isTooLarge { refuseSize(dataTask) }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        if let error {
            return end(.failure(.unreachable("\(place): \(error.localizedDescription)")))
        }
        let (status, body) = state.withLock { ($0.status, $0.body) }
        end(.success(HTTPAnswer(status: status, body: body)))
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }
}
