// A program that uploads with AWS's SDK for JavaScript: nothing but the endpoint is ours. usage: calls.mjs URL ACCESS_KEY SECRET_KEY
import { createHash } from 'node:crypto'
import { Agent } from 'node:http'
import * as s3 from '@aws-sdk/client-s3'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'

const [endpoint, accessKeyId, secretAccessKey] = process.argv.slice(2)
const common = { endpoint, region: 'us-east-1', maxAttempts: 1 }
const owner = { accessKeyId, secretAccessKey }
const names = ['plain.txt', 'a b+c.txt', '航线/日志 一.log', "100%/!*'();:@&=$,?#[].txt", '\u{1F680}.bin']
const Bucket = 'from-js'

const client = (credentials, more = {}) => new s3.S3Client({ ...common, credentials, forcePathStyle: true, ...more })
const text = (found) => found.Body.transformToString()
const refusal = (promise) => promise.then(() => 'nothing', (e) => e.name)

async function objects(c) {
  for (const Key of names) await c.send(new s3.PutObjectCommand({ Bucket, Key, Body: `content of ${Key}`, Metadata: { site: 'A' } }))
  const bodies = []
  for (const Key of names) bodies.push(await text(await c.send(new s3.GetObjectCommand({ Bucket, Key }))))
  const keys = []
  for await (const page of s3.paginateListObjectsV2({ client: c, pageSize: 2 }, { Bucket })) keys.push(...page.Contents.map((o) => o.Key))
  const range = await text(await c.send(new s3.GetObjectCommand({ Bucket, Key: names[0], Range: 'bytes=8-9' })))
  await c.send(new s3.CopyObjectCommand({ Bucket, Key: 'copy', CopySource: encodeURIComponent(`${Bucket}/${names[1]}`) }))
  const copied = (await c.send(new s3.HeadObjectCommand({ Bucket, Key: 'copy' }))).Metadata
  const { Deleted } = await c.send(new s3.DeleteObjectsCommand({ Bucket, Delete: { Objects: [...names, 'copy'].map((Key) => ({ Key })) } }))
  return { rightBodies: bodies.every((b, i) => b === `content of ${names[i]}`), rightKeys: keys.sort().join() === [...names].sort().join(), range, copied, deleted: Deleted.length }
}

async function multipart(c) {
  const Key = 'big'
  const parts = [Buffer.alloc(5 << 20, 1), Buffer.alloc(5 << 20, 2), Buffer.alloc(123, 3)]
  const { UploadId } = await c.send(new s3.CreateMultipartUploadCommand({ Bucket, Key }))
  const Parts = []
  for (const i of [2, 0, 1]) {
    const sent = await c.send(new s3.UploadPartCommand({ Bucket, Key, UploadId, PartNumber: i + 1, Body: parts[i] }))
    Parts[i] = { PartNumber: i + 1, ETag: sent.ETag, ChecksumCRC32: sent.ChecksumCRC32 }
  }
  const listed = (await c.send(new s3.ListPartsCommand({ Bucket, Key, UploadId }))).Parts.length
  await c.send(new s3.CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }))
  const whole = Buffer.from(await (await c.send(new s3.GetObjectCommand({ Bucket, Key }))).Body.transformToByteArray())
  await c.send(new s3.DeleteObjectCommand({ Bucket, Key }))
  const hash = (bytes) => createHash('sha256').update(bytes).digest('hex')
  return { listed, right: hash(whole) === hash(Buffer.concat(parts)) }
}

async function presigned(c) {
  const put = await getSignedUrl(c, new s3.PutObjectCommand({ Bucket, Key: 'a b' }), { expiresIn: 60 })
  const get = await getSignedUrl(c, new s3.GetObjectCommand({ Bucket, Key: 'a b' }), { expiresIn: 60 })
  const stored = (await fetch(put, { method: 'PUT', body: 'hello' })).status
  const body = await (await fetch(get)).text()
  const tampered = (await fetch(get.replace('a%20b', 'a%20c'))).status
  return { stored, body, tampered }
}

async function roles() {
  const Policy = JSON.stringify({ Statement: [{ Effect: 'Allow', Action: ['s3:PutObject', 's3:GetObject'], Resource: `arn:aws:s3:::${Bucket}/dock1/*` }] })
  const sts = new STSClient({ ...common, credentials: owner })
  const { Credentials: got } = await sts.send(new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::123456789012:role/dock', RoleSessionName: 'job-1', Policy }))
  const credentials = { accessKeyId: got.AccessKeyId, secretAccessKey: got.SecretAccessKey, sessionToken: got.SessionToken }
  const c = client(credentials)
  const put = (key, who = c) => refusal(who.send(new s3.PutObjectCommand({ Bucket, Key: key, Body: 'log' })))
  const { body } = await presigned(c).catch((e) => ({ body: e.name }))
  return {
    inside: await put('dock1/log'),
    outside: await put('dock2/log'),
    wrongToken: await put('dock1/log', client({ ...credentials, sessionToken: 'x' + got.SessionToken })),
    presignedOutside: body.match(/<Code>(\w+)/)?.[1],
    wrongKey: await put('k', client({ accessKeyId, secretAccessKey: 'another-secret-0123456789' })),
    wrongClock: await put('k', client(owner, { systemClockOffset: 3_600_000 })),
  }
}

async function main() {
  const c = client(owner)
  await c.send(new s3.CreateBucketCommand({ Bucket }))
  // bucket.localhost, which not every resolver knows
  const { port } = new URL(endpoint)
  const agent = new Agent({ lookup: (_, options, done) => (options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)) })
  const hosted = new s3.S3Client({ ...common, endpoint: `http://localhost:${port}`, credentials: owner, requestHandler: { httpAgent: agent } })
  const plain = client(owner, { requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' })
  const answers = { objects: [await objects(c), await objects(plain), await objects(hosted)], multipart: [await multipart(c), await multipart(plain)], presigned: await presigned(c), roles: await roles() }
  console.log(JSON.stringify(answers))
}

main().catch((e) => {
  console.error(e)
  process.exitCode = 1
})
